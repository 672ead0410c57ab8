import type { ReactNode } from "react";
import classes from "../viewer.module.css";

interface BlockProps {
  title: string;
  /** Of title and children, where it is not the page's. */
  lang?: "en";
  children: ReactNode;
}

/** A subject within a panel. */
export function Block({ title, lang, children }: BlockProps) {
  return (
    <section className={classes.block} lang={lang}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
