import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { Heading } from "@/shell/Heading";
import { words } from "@/words";
import classes from "./admin.module.css";

interface SectionsProps {
  title: string;
  lead: string;
  /** What can be done on the page. */
  action?: ReactNode;
}

/** A page's title, and the way between the pages of the administration. */
export function Sections({ title, lead, action }: SectionsProps) {
  const [path] = useLocation();
  return (
    <>
      <nav className={classes.sections} aria-label={words.admin.title}>
        {Object.entries(words.admin.sections).map(([name, label]) => (
          <Link key={name} href={`/admin/${name}`} aria-current={path === `/admin/${name}` ? "page" : undefined}>
            {label}
          </Link>
        ))}
      </nav>
      <Heading title={title} lead={lead}>
        {action}
      </Heading>
    </>
  );
}
