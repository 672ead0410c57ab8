import type { ReactNode } from "react";
import { useDocumentTitle } from "@mantine/hooks";
import { words } from "@/words";
import classes from "./shell.module.css";

interface HeadingProps {
  title: string;
  lead?: ReactNode;
  /** Above the title, such as the way back. */
  above?: ReactNode;
  children?: ReactNode;
}

/** A page's title, what it is about, and what can be done on it. */
export function Heading({ title, lead, above, children }: HeadingProps) {
  useDocumentTitle(`${title} · ${words.brand}`);
  return (
    <header className={classes.heading}>
      <div>
        {above}
        <h1>{title}</h1>
        {lead && <p className={classes.lead}>{lead}</p>}
      </div>
      {children}
    </header>
  );
}
