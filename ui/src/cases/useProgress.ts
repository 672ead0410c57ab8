import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { Evidence, Progress } from "@/api/types";

interface Listed {
  items: Evidence[];
}

// Milliseconds that an interruption may last before it is told.
const PATIENCE = 4_000;

/**
 * Follow the examinations of a case while any is going on.
 *
 * Each event changes the lists that are on screen at once; what has finished is read again in full.
 * Returns whether the stream is interrupted. The server ends each stream after a minute, and the browser takes it up
 * again by itself at once; where it was refused, it is opened anew after a while.
 */
export function useProgress(caseId: string, busy: boolean): boolean {
  const queries = useQueryClient();
  const [lost, setLost] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    if (!busy) return;
    const stream = new EventSource(`/api/cases/${caseId}/progress`);
    let patience: number | undefined;
    stream.onopen = () => {
      window.clearTimeout(patience);
      setLost(false);
    };
    stream.onerror = () => {
      window.clearTimeout(patience);
      patience = window.setTimeout(() => {
        setLost(true);
        if (stream.readyState === EventSource.CLOSED) setAttempt((count) => count + 1);
      }, PATIENCE);
    };
    stream.addEventListener("progress", (event) => tell(queries, caseId, JSON.parse(event.data as string) as Progress));
    stream.addEventListener("end", () => {
      stream.close();
      void queries.invalidateQueries({ queryKey: ["case", caseId] });
    });
    return () => {
      window.clearTimeout(patience);
      stream.close();
    };
  }, [queries, caseId, busy, attempt]);
  return busy && lost;
}

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
  if (outdated) void queries.invalidateQueries({ queryKey: lists });
  if (outdated || !isBusy(news)) void queries.invalidateQueries({ queryKey: one });
}

/** Whether an examination is still to come or going on. */
export function isBusy({ state }: { state: Evidence["state"] }): boolean {
  return state === "queued" || state === "running";
}
