import type { HTMLAttributes, ReactNode } from "react";
import glass from "./glass.module.css";

interface PanelProps extends HTMLAttributes<HTMLElement> {
  children: ReactNode;
  bare?: boolean;
}

/** A sheet of glass that holds one subject. */
export function Panel({ children, bare = false, className = "", ...rest }: PanelProps) {
  return (
    <section className={`${glass.panel} ${bare ? "" : glass.padded} ${className}`} {...rest}>
      {children}
    </section>
  );
}
