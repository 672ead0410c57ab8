import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/client";
import type { LedgerRecord } from "@/api/types";
import { utc } from "@/format";
import { Pages } from "@/shell/Pages";
import { detailsText } from "@/shell/Records";
import { words } from "@/words";
import viewer from "../viewer.module.css";
import { Block } from "./Block";
import sheet from "./file.module.css";

/** How the ledger calls the workbench itself. */
const MACHINE = "(workbench)";

/** What happened to the image in this workbench, by whom and when, the latest first. */
export function EvidenceHistory({ id }: { id: string }) {
  const [page, setPage] = useState(1);
  const history = useQuery({
    queryKey: ["evidence", id, "history", page],
    queryFn: async () =>
      (await api.GET("/api/v1/evidence/{evidence_id}/history", { params: { path: { evidence_id: id }, query: { page, per_page: 50 } } })).data,
  });
  return (
    <Block title={words.history.ofImage}>
      <p className={viewer.soft}>{words.history.text}</p>
      <ol className={sheet.history}>
        {gathered(history.data?.items ?? []).map(({ record, times }) => (
          <li key={record.seq}>
            <span title={detailsText(record.details)}>
              <strong>{record.actor === MACHINE ? words.history.machine : record.actor}</strong> {deed(record, times)}
            </span>
            <time dateTime={record.at}>{words.history.at(utc(record.at), record.seq)}</time>
          </li>
        ))}
      </ol>
      <Pages listed={history.data} onPage={setPage} />
    </Block>
  );
}

interface Gathered {
  record: LedgerRecord;
  times: number;
}

/** Records in a row of the same deed by the same person as one; of a move its arrival alone. */
export function gathered(records: readonly LedgerRecord[]): Gathered[] {
  const made: Gathered[] = [];
  for (const record of records.filter(({ action }) => action !== "image moved out")) {
    const last = made.at(-1);
    const isSame = last?.record.action === record.action && last.record.actor === record.actor && record.action === "viewed";
    if (isSame) last.times += 1;
    else made.push({ record, times: 1 });
  }
  return made;
}

/** "added it: beach.jpg", "viewed it, 3 times". */
export function deed({ action, details }: LedgerRecord, times = 1): string {
  const tell = (words.history.deeds as Record<string, string | undefined>)[action] ?? action;
  const of = details as Record<string, unknown>;
  const outcome = (words.outcomes as Record<string, string>)[String(of.outcome)];
  const verdict = (words.conclusion.reviewed as Record<string, string>)[String(of.verdict)];
  const more = [of.name, of.file, verdict, outcome, of.reason].filter((part) => typeof part === "string").join(", ");
  return [more ? `${tell}: ${more}` : tell, times > 1 ? words.history.times(times) : ""].filter(Boolean).join(", ");
}
