import { Table } from "@mantine/core";
import type { ReactNode } from "react";
import { Panel } from "@/theme/Panel";
import classes from "./records.module.css";

/** A table on glass that scrolls sideways where the screen is narrow. */
export function TableBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Panel>
      <div className={classes.scroll} tabIndex={0} role="region" aria-label={label}>
        <Table className={classes.table ?? ""}>{children}</Table>
      </div>
    </Panel>
  );
}
