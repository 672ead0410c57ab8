import type { ReactNode } from "react";
import { Panel } from "@/theme/Panel";
import { words } from "@/words";
import { LanguageMenu } from "@/shell/LanguageMenu";
import { Brand } from "@/shell/Brand";
import classes from "./gate.module.css";

/** The frame of every page that is shown before someone is signed in. */
export function Gate({ title, text, children }: { title: string; text?: ReactNode; children?: ReactNode }) {
  return (
    <main className={classes.gate}>
      <div className={classes.inner}>
        <div className={classes.brand}>
          <Brand size={40} />
          <p className={classes.tagline}>{words.tagline}</p>
        </div>
        <Panel className={classes.panel ?? ""}>
          <h1 className={classes.title}>{title}</h1>
          {text && <p className={classes.text}>{text}</p>}
          {children}
        </Panel>
        <p className={classes.foot}>{words.session.localOnly}</p>
        <div className={classes.language}>
          <LanguageMenu />
        </div>
      </div>
    </main>
  );
}
