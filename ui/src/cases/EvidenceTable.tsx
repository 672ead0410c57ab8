import { Checkbox, Tooltip } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useMemo, useRef } from "react";
import { Link } from "wouter";
import type { Evidence } from "@/api/types";
import { list, probability, when } from "@/format";
import { OutcomePill } from "@/shell/OutcomePill";
import { useWindow } from "@/shell/useWindow";
import { words } from "@/words";
import { useEvidencePages } from "./queries";
import type { Selection } from "./selection";
import type { Sieve } from "./sieve";
import classes from "./table.module.css";

interface EvidenceTableProps {
  caseId: string;
  sieve: Sieve;
  total: number;
  along: string;
  selection: Selection;
}

const ROW = 56;
const PAGE = 100;

/** All images of a list as rows; only those that are seen are drawn and asked for. */
export function EvidenceTable({ caseId, sieve, total, along, selection }: EvidenceTableProps) {
  const box = useRef<HTMLDivElement>(null);
  const { from, to } = useWindow(box, total, ROW);
  const pages = useMemo(() => range(Math.floor(from / PAGE) + 1, Math.floor(Math.max(from, to - 1) / PAGE) + 1), [from, to]);
  const found = useEvidencePages(caseId, sieve, pages, PAGE);
  return (
    <div className={classes.table} role="table" aria-rowcount={total + 1} aria-label={words.case.evidence}>
      <div role="row" aria-rowindex={1} className={classes.head}>
        {words.table.head.map((name) => (
          <span key={name} role="columnheader">{name}</span>
        ))}
      </div>
      <div ref={box} className={classes.box} tabIndex={0} role="rowgroup" aria-label={words.case.evidence}>
        <div style={{ height: total * ROW }} className={classes.whole} role="presentation">
          {range(from, to - 1).map((i) => {
            const item = found.get(Math.floor(i / PAGE) + 1)?.[i % PAGE];
            return (
              <div key={item?.id ?? i} role="row" aria-rowindex={i + 2} className={classes.row} style={{ top: i * ROW, height: ROW }}>
                {item && <Cells item={item} along={along} selection={selection} />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/** A sign that other images show the same. */
function Twins({ count }: { count: number }) {
  if (count === 0) return null;
  const told = words.case.nearDuplicates(count);
  return (
    <Tooltip label={told}>
      <IconCopy size={15} role="img" aria-label={told} className={classes.twins ?? ""} />
    </Tooltip>
  );
}

function Cells({ item, along, selection }: { item: Evidence; along: string; selection: Selection }) {
  return (
    <>
      <span role="cell" className={classes.name}>
        <Checkbox aria-label={words.bulk.choose(item.name)} checked={selection.keys.has(item.id)} onChange={() => selection.toggle(item.id)} />
        {item.thumbnail ? <img src={item.thumbnail} alt="" loading="lazy" /> : <span className={classes.blank} />}
        <Link href={`/evidence/${item.id}${along}`} title={item.name}>{item.name}</Link>
        <Twins count={item.near_duplicates} />
      </span>
      <span role="cell">{item.outcome ? <OutcomePill outcome={item.outcome} quiet /> : words.states[item.state]}</span>
      <span role="cell" className={classes.number}>{item.score === null ? "–" : probability(item.score)}</span>
      <span role="cell" className={classes.said}>
        {item.disagreement && <strong>{words.case.disagreement}</strong>}
        {!item.disagreement && list(item.conclusions.map(({ by, outcome }) => words.case.concluded(by, words.outcomes[outcome])))}
      </span>
      <span role="cell" className={classes.said}>{list(item.tags)}</span>
      <span role="cell" className={classes.number}>{when(item.uploaded_at)}</span>
    </>
  );
}
