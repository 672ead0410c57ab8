import type { Evidence, Finding } from "@/api/types";
import { bytes, when } from "@/format";
import { words } from "@/words";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import sheet from "./file.module.css";
import { JpegBlock } from "./JpegBlock";

/** What the file is, what befell it, what it states about itself. */
export function FilePanel({ item, finding }: { item: Evidence; finding: Finding }) {
  const { evidence } = finding;
  const identity: [string, string][] = [
    [words.file.name, item.name],
    [words.file.size, `${bytes(item.bytes)}, ${words.case.dimensions(finding.width, finding.height)}`],
    [words.file.format, `${evidence.format}, ${words.file.stored(evidence.stored_mode, evidence.frames)}`],
    [words.file.uploaded, words.file.uploadedBy(when(item.uploaded_at), item.uploaded_by)],
    [words.file.sha, finding.sha256],
    ...evidence.steps.map((step): [string, string] => [words.file.step, step]),
    ...evidence.warnings.map((warning): [string, string] => [words.file.warning, warning]),
  ];
  if (item.match) identity.push([words.file.original, words.case.match(item.match.label, item.match.how)]);
  return (
    <>
      <Block title={words.file.identity}>
        <Sheet rows={identity} />
      </Block>
      <Block title={words.file.history}>
        <ul>
          {finding.history.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <Facts facts={finding.facts} />
      </Block>
      <JpegBlock jpeg={evidence.jpeg} />
      <details className={sheet.details}>
        <summary>{words.file.metadata(Object.keys(evidence.metadata).length)}</summary>
        <Sheet rows={Object.entries(evidence.metadata)} />
      </details>
      <details className={sheet.details}>
        <summary>{words.file.versions}</summary>
        <Sheet rows={Object.entries(finding.versions)} />
      </details>
    </>
  );
}

/** Names and values; values may be long, and anybody may have written them. */
function Sheet({ rows }: { rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className={sheet.sheet}>
      {rows.map(([name, value], i) => (
        <div key={i}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Facts({ facts }: { facts: Finding["facts"] }) {
  const marked = facts.filter(({ weight }) => weight !== "neutral");
  return (
    <>
      {marked.map((fact) => (
        <p key={fact.statement}>
          <span className={sheet.flag} data-weight={fact.weight}>
            {words.file.weights[fact.weight]}
          </span>{" "}
          {fact.statement} {fact.caution && <span className={classes.soft}>{fact.caution}</span>}
        </p>
      ))}
      <details className={sheet.details}>
        <summary>{words.file.allFacts(facts.length)}</summary>
        <Sheet rows={facts.map(({ topic, statement }) => [topic, statement] as const)} />
      </details>
      <p className={classes.soft}>{words.file.trust}</p>
    </>
  );
}
