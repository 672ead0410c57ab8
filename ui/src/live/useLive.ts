import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api } from "@/api/client";
import type { Evidence, Progress } from "@/api/types";
import { connectionFine, connectionLost } from "./connection";

/** How far the examinations of a case are, beside those of other cases. */
export interface Queue {
  waiting: number;
  running: number;
  total: number;
  /** Images of other cases that come before the last of this one. */
  ahead: number;
  per_minute: number | null;
  seconds_left: number | null;
}

interface Change {
  action: string;
  evidence_id: string | null;
}

interface Listed {
  items: Evidence[];
}

// Milliseconds: the server says that it is alive every five seconds.
const SILENCE = 15_000;
const AGAIN = 4_000;
// Many changes at once are one reading.
const GATHER = 250;
// Records of looking and taking away change nothing but the history.
const ONLY_HISTORY = new Set(["viewed", "exported"]);

/**
 * Hear what happens in a case, whoever does it, and keep everything that is shown of it up to date.
 *
 * A stream is open only while the page is seen: a browser holds few at once. The server ends each after a minute, and
 * the browser takes it up again by itself from where it left off.
 */
export function useLive(caseId: string): Queue | null {
  const queries = useQueryClient();
  const [queue, setQueue] = useState<Queue | null>(null);
  const [attempt, setAttempt] = useState(0);
  const isSeen = useIsSeen();
  useEffect(() => {
    if (!isSeen) return;
    const stream = new EventSource(`/api/v1/cases/${caseId}/events`);
    const changes = new Gathered(queries, caseId);
    let silence: number | undefined;
    let again: number | undefined;
    const heard = () => {
      window.clearTimeout(silence);
      silence = window.setTimeout(connectionLost, SILENCE);
      connectionFine();
    };
    stream.onopen = heard;
    stream.onerror = () => {
      window.clearTimeout(silence);
      silence = window.setTimeout(connectionLost, AGAIN);
      if (stream.readyState !== EventSource.CLOSED) return;
      // It was refused: the session may have ended, which asking for the case finds out.
      window.clearTimeout(again);
      again = window.setTimeout(() => {
        api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: caseId } } }).then(
          () => setAttempt((count) => count + 1),
          () => setAttempt((count) => count + 1),
        );
      }, AGAIN);
    };
    const on = <Data>(name: string, act: (data: Data) => void) =>
      stream.addEventListener(name, (event) => {
        heard();
        act(JSON.parse(event.data as string) as Data);
      });
    on<Progress>("progress", (news) => tell(queries, caseId, news));
    on<Change>("changed", (change) => changes.add(change));
    on<Queue>("queue", setQueue);
    on("alive", () => undefined);
    return () => {
      window.clearTimeout(silence);
      window.clearTimeout(again);
      changes.drop();
      stream.close();
    };
  }, [queries, caseId, attempt, isSeen]);
  return queue;
}

function useIsSeen(): boolean {
  const queries = useQueryClient();
  const [isSeen, setIsSeen] = useState(() => !document.hidden);
  useEffect(() => {
    const look = () => {
      setIsSeen(!document.hidden);
      // What happened while nobody looked was not heard.
      if (!document.hidden) void queries.invalidateQueries({ queryKey: ["case"] });
    };
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, [queries]);
  return isSeen;
}

/** Changes that are read again together. */
class Gathered {
  private evidence = new Set<string>();
  private examined = new Set<string>();
  private isMore = false;
  private timer: number | undefined;

  constructor(
    private readonly queries: QueryClient,
    private readonly caseId: string,
  ) {}

  add({ action, evidence_id }: Change): void {
    if (!ONLY_HISTORY.has(action)) {
      this.isMore = true;
      if (evidence_id) this.evidence.add(evidence_id);
      if (evidence_id && action === "examined") this.examined.add(evidence_id);
    }
    this.timer ??= window.setTimeout(() => this.read(), GATHER);
  }

  drop(): void {
    window.clearTimeout(this.timer);
  }

  private read(): void {
    const again = (queryKey: string[]) =>
      void this.queries.invalidateQueries({ queryKey, predicate: (query) => query.queryKey[2] !== "drafts" });
    if (this.isMore) {
      again(["case", this.caseId]);
      again(["cases"]);
    } else again(["case", this.caseId, "history"]);
    for (const id of this.evidence) again(["evidence", id]);
    for (const id of this.examined) again(["finding", id]);
    this.evidence.clear();
    this.examined.clear();
    this.isMore = false;
    this.timer = undefined;
  }
}

/** Put news of an examination into everything that shows it. */
function tell(queries: QueryClient, caseId: string, news: Progress): void {
  const one = ["evidence", news.id];
  const lists = ["case", caseId, "evidence"];
  const shown = [
    queries.getQueryData<Evidence>(one),
    ...queries.getQueriesData<Listed>({ queryKey: lists }).flatMap(([, listed]) => listed?.items ?? []),
  ].filter((item) => item?.id === news.id);
  // Pictures and sizes appear while an examination runs, and the events do not tell of them.
  const outdated = shown.some((item) => item && !item.thumbnail && item.step !== news.step);
  queries.setQueriesData<Listed>({ queryKey: lists }, (listed) =>
    listed && { ...listed, items: listed.items.map((item) => (item.id === news.id ? { ...item, ...news } : item)) },
  );
  queries.setQueryData<Evidence>(one, (item) => item && { ...item, ...news });
  if (!outdated) return;
  void queries.invalidateQueries({ queryKey: lists });
  void queries.invalidateQueries({ queryKey: one, exact: true });
}

/** Whether an examination is still to come or going on. */
export function isBusy({ state }: { state: Evidence["state"] }): boolean {
  return state === "queued" || state === "running";
}
