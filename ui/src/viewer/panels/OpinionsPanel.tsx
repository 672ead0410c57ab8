import type { ReportView } from "@/api/types";
import { words } from "@/words";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import table from "./opinions.module.css";

type Row = ReportView["opinions"]["rows"][number];

/** What each system and trace says; those without a say are gray, with the reason, and last. */
export function OpinionsPanel({ says }: { says: ReportView }) {
  const { rows, total, note } = says.opinions;
  return (
    <>
      <table className={table.opinions}>
        <thead>
          <tr>
            <th scope="col">{words.finding.opinion}</th>
            <th scope="col">{words.finding.alone}</th>
            <th scope="col">{words.finding.adds}</th>
            <td />
          </tr>
        </thead>
        {rows.map((row) => (row.void ? <Void key={row.name} row={row} /> : <Said key={row.name} row={row} />))}
        {total && (
          <tbody data-total lang="en">
            <Figures row={total} />
            <Reason text={total.reason} />
          </tbody>
        )}
      </table>
      <p className={classes.soft} lang="en">{note}</p>
      {says.agreements && (
        <Block title={says.titles.agreements ?? ""} lang="en">
          <Agreements agreements={says.agreements} />
        </Block>
      )}
    </>
  );
}

function Void({ row }: { row: Row }) {
  return (
    <tbody data-void lang="en">
      <tr>
        <th scope="row">{row.title}</th>
        <td colSpan={3}>{row.says}</td>
      </tr>
      <Reason text={row.reason} />
    </tbody>
  );
}

function Said({ row }: { row: Row }) {
  return (
    <tbody lang="en">
      <Figures row={row} />
      <Reason text={row.says === "–" ? row.reason : `${row.says}: ${row.reason}`} />
    </tbody>
  );
}

function Figures({ row: { title, alone, adds, bar } }: { row: Row }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{alone}</td>
      <td>{adds}</td>
      <td>{bar !== 0 && <Lean bar={bar} />}</td>
    </tr>
  );
}

function Reason({ text }: { text: string }) {
  return (
    <tr className={table.reason}>
      <td colSpan={4}>{text}</td>
    </tr>
  );
}

/** Which way an opinion leans, and how far: full at a hundredfold. */
function Lean({ bar }: { bar: number }) {
  const side = bar > 0 ? { left: "50%" } : { right: "50%" };
  return (
    <span className={table.lean} aria-hidden="true">
      <span data-plus={bar > 0 || undefined} style={{ width: `${50 * Math.abs(bar)}%`, ...side }} />
    </span>
  );
}

function Agreements({ agreements }: { agreements: NonNullable<ReportView["agreements"]> }) {
  return (
    <>
      <table className={table.agreements}>
        <thead>
          <tr>
            {agreements.head.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {agreements.rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, i) => (
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.soft}>{agreements.note}</p>
    </>
  );
}
