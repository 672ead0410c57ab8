import { type ReactNode, useRef } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "@/api/types";
import { Banner } from "@/live/Banner";
import { words } from "@/words";
import { Brand } from "./Brand";
import classes from "./shell.module.css";
import { ThemeToggle } from "./ThemeToggle";
import { UserMenu } from "./UserMenu";

interface Place {
  href: string;
  label: string;
  within: RegExp;
}

function places(me: Me): Place[] {
  const all = [
    { href: "/", label: words.nav.cases, within: /^\/$|^\/cases|^\/evidence/ },
    { href: "/originals", label: words.nav.originals, within: /^\/originals/ },
  ];
  const admin = { href: "/admin/users", label: words.nav.administration, within: /^\/admin/ };
  return me.role === "administrator" ? [...all, admin] : all;
}

/** The frame of every page behind the sign-in. */
export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  const wide = path.startsWith("/evidence");
  return (
    <>
      <button type="button" className={classes.skip} onClick={() => main.current?.focus()}>
        {words.skip}
      </button>
      <header className={classes.header}>
        <Link href="/" className={classes.home}>
          <Brand />
        </Link>
        <nav className={classes.nav} aria-label={words.nav.label}>
          {places(me).map(({ href, label, within }) => (
            <Link key={href} href={href} className={classes.link} aria-current={within.test(path) ? "page" : undefined}>
              {label}
            </Link>
          ))}
        </nav>
        <ThemeToggle />
        <UserMenu me={me} />
      </header>
      <Banner />
      <main ref={main} tabIndex={-1} className={`${classes.main} ${wide ? classes.wide : ""}`}>
        {children}
      </main>
    </>
  );
}
