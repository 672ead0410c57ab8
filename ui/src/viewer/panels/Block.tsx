import type { ReactNode } from "react";
import classes from "../viewer.module.css";

/** A subject within a panel. */
export function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.block}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}
