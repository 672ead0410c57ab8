import type { Evidence, FindingView, ReportView } from "@/api/types";
import { words } from "@/words";
import { around, type Box } from "../view";
import classes from "../viewer.module.css";
import { Answer, type Reason } from "./Answer";
import { Block } from "./Block";
import { Kinds } from "./Kinds";

interface ListProps {
  view: FindingView;
  onChoose: (box: Box) => void;
}

interface FindingPanelProps extends ListProps {
  item: Evidence;
  onReason: (reason: Reason) => void;
}

/** The answer first; then where to look, how it was done, and what cannot be told. */
export function FindingPanel({ item, view, onReason, onChoose }: FindingPanelProps) {
  const { says } = view;
  return (
    <>
      {words.finding.inEnglish && <p className={classes.soft}>{words.finding.inEnglish}</p>}
      <Answer item={item} view={view} onReason={onReason} onChoose={onChoose} />
      <div lang="en">
        <Block title={says.titles.parts ?? ""}>
          <Parts says={says} onChoose={onChoose} />
        </Block>
        {says.copies && (
          <Block title={says.titles.copies ?? ""}>
            <Copies view={view} onChoose={onChoose} />
          </Block>
        )}
        <Block title={says.titles.kinds ?? ""}>
          <Kinds kinds={says.kinds} />
        </Block>
        {says.counter_tests && (
          <Block title={says.titles.counter_tests ?? ""}>
            <CounterTests table={says.counter_tests} />
          </Block>
        )}
        <Block title={says.titles.limits ?? ""}>
          <ul>
            {says.limits.map((limit) => (
              <li key={limit}>{limit}</li>
            ))}
          </ul>
        </Block>
      </div>
    </>
  );
}

function Parts({ says, onChoose }: { says: ReportView; onChoose: (box: Box) => void }) {
  return (
    <>
      <p className={classes.soft}>{says.where.note}</p>
      <div className={classes.choices}>
        {says.where.parts.map(({ text, score, region }) => (
          <button key={text} type="button" className={classes.choice} onClick={() => onChoose(region)}>
            <span>{text}</span>
            <strong>{score}</strong>
          </button>
        ))}
      </div>
    </>
  );
}

function Copies({ view: { finding, says }, onChoose }: ListProps) {
  return (
    <>
      <p className={classes.soft}>{says.copies?.note}</p>
      <div className={classes.choices}>
        {finding.copies.map((pair, i) => (
          <button
            key={i}
            type="button"
            className={classes.choice}
            onClick={() => onChoose(around(pair.source, pair.target))}
          >
            <span>{says.pairs[i]}</span>
          </button>
        ))}
      </div>
    </>
  );
}

function CounterTests({ table }: { table: NonNullable<ReportView["counter_tests"]> }) {
  return (
    <>
      <p className={classes.soft}>{table.intro}</p>
      <table>
        <thead>
          <tr>
            {table.head.map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr key={row[0]}>
              {row.map((cell, i) => (
                <td key={i}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
