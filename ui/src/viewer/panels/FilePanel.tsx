import type { Evidence, FindingView, ReportView } from "@/api/types";
import { when } from "@/format";
import { language, words } from "@/words";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import { EvidenceHistory } from "./EvidenceHistory";
import sheet from "./file.module.css";
import { JpegBlock } from "./JpegBlock";
import { MetadataBlock } from "./metadata/MetadataBlock";
import { NearDuplicates } from "./NearDuplicates";
import { inEnglish, type Row, Sheet } from "./Sheet";

interface FilePanelProps {
  item: Evidence;
  view: FindingView;
}

/** What the file is, what happened to it, what it states about itself. */
export function FilePanel({ item, view: { finding, says } }: FilePanelProps) {
  const { evidence } = finding;
  const identity: Row[] = [
    ...inEnglish(says.file),
    [words.file.uploaded, words.file.uploadedBy(when(item.uploaded_at), item.uploaded_by), { lang: language }],
  ];
  if (item.match) identity.push([words.file.original, words.case.match(item.match.label, item.match.how), { lang: language }]);
  return (
    <>
      <Block title={says.titles.file ?? ""} lang="en">
        <Sheet rows={identity} />
      </Block>
      {item.near_duplicates > 0 && <NearDuplicates item={item} />}
      <Block title={says.titles.history ?? ""} lang="en">
        <ul>
          {says.history.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <Facts facts={says.facts} />
      </Block>
      {evidence.jpeg && <JpegBlock jpeg={evidence.jpeg} />}
      <MetadataBlock metadata={evidence.metadata} />
      <EvidenceHistory id={item.id} />
      <details className={sheet.details}>
        <summary>{words.file.versions}</summary>
        <Sheet rows={inEnglish(says.repeat.versions)} />
      </details>
    </>
  );
}

function Facts({ facts }: { facts: ReportView["facts"] }) {
  return (
    <>
      {facts.marked.map((fact) => (
        <p key={fact.statement}>
          <span className={sheet.flag} data-weight={fact.weight} lang={language}>
            {words.file.weights[fact.weight]}
          </span>{" "}
          {fact.statement} {fact.caution && <span className={classes.soft}>{fact.caution}</span>}
        </p>
      ))}
      <details className={sheet.details}>
        <summary lang={language}>{words.file.allFacts(facts.all.length)}</summary>
        <Sheet rows={facts.all.map(({ topic, statement }) => [topic, statement] as const)} />
      </details>
      <p className={classes.soft}>{facts.note}</p>
    </>
  );
}
