import { ActionIcon, Tooltip } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import type { Me } from "@/api/types";
import { Banner } from "@/live/Banner";
import { words } from "@/words";
import { Brand } from "./Brand";
import { LanguageMenu } from "./LanguageMenu";
import { Palette } from "./Palette";
import { everyPlace, places } from "./places";
import classes from "./shell.module.css";
import { ThemeToggle } from "./ThemeToggle";
import { UserMenu } from "./UserMenu";

/** The frame of every page behind the sign-in. */
export function Shell({ me, children }: { me: Me; children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  const [path] = useLocation();
  const wide = /^\/(evidence|compare)/.test(path);
  const [searching, setSearching] = useState(false);
  // Everywhere, while one writes too; the browser's own search of that name gives way.
  useHotkeys([["mod+K", () => setSearching(true)]], []);
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
        <Tooltip label={words.palette.tip}>
          <ActionIcon variant="default" size="lg" aria-label={words.palette.title} onClick={() => setSearching(true)}>
            <IconSearch size={18} />
          </ActionIcon>
        </Tooltip>
        <LanguageMenu />
        <ThemeToggle />
        <UserMenu me={me} />
      </header>
      <Banner />
      <main ref={main} tabIndex={-1} className={`${classes.main} ${wide ? classes.wide : ""}`}>
        {children}
      </main>
      <Palette places={everyPlace(me)} opened={searching} onClose={() => setSearching(false)} />
    </>
  );
}
