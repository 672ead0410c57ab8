import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { api } from "@/api/client";
import type { BulkDone, BulkIn, MoveIn } from "@/api/types";
import { type Sieve, sieveQuery } from "./sieve";

/** The images of a case that are chosen, by their identifiers. */
export interface Selection {
  keys: ReadonlySet<string>;
  toggle: (id: string) => void;
  replace: (ids: readonly string[]) => void;
}

export function useSelection(): Selection {
  const [keys, setKeys] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => setKeys((was) => (was.has(id) ? without(was, id) : new Set([...was, id]))), []);
  const replace = useCallback((ids: readonly string[]) => setKeys(new Set(ids)), []);
  return { keys, toggle, replace };
}

function without(keys: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set([...keys].filter((key) => key !== id));
}

/** Identifiers of everything that a list holds, on whichever page. */
export async function keysOf(caseId: string, sieve: Sieve): Promise<string[]> {
  const params = { path: { case_id: caseId }, query: sieveQuery(sieve) };
  return (await api.GET("/api/v1/cases/{case_id}/evidence/keys", { params })).data?.keys ?? [];
}

/** An action for many images, without the images. */
export type BulkAction = Omit<BulkIn, "evidence" | "text"> & { text?: string };

export interface BulkResult {
  done: number;
  /** Why nothing was done → to how many images. */
  skipped: ReadonlyMap<string, number>;
}

// As many as the server takes at once.
const AT_ONCE = 500;

type Answer = { data?: BulkDone };
type Done = (result: BulkResult) => void;

/** Has the server do something to some of the images. */
type Send<Given> = (given: Given, evidence: string[]) => Promise<Answer>;

/** Do it to all of them, a part after the other; `onDone` is called even if what asked for it is no longer shown by then. */
function useParts<Given>(send: Send<Given>, onDone: Done) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ keys, ...given }: Given & { keys: readonly string[] }) => doInParts(keys, (part) => send(given as unknown as Given, part)),
    onSuccess: onDone,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [what, , part] }) => ["case", "cases", "evidence"].includes(String(what)) && part !== "drafts",
      }),
  });
}

async function doInParts(keys: readonly string[], send: (part: string[]) => Promise<Answer>): Promise<BulkResult> {
  const skipped = new Map<string, number>();
  let done = 0;
  for (let from = 0; from < keys.length; from += AT_ONCE) {
    const answer = (await send(keys.slice(from, from + AT_ONCE))).data;
    done += answer?.done ?? 0;
    for (const { why } of answer?.skipped ?? []) skipped.set(why, (skipped.get(why) ?? 0) + 1);
  }
  return { done, skipped };
}

const at = (caseId: string) => ({ params: { path: { case_id: caseId } } });

export const useBulk = (caseId: string, onDone: Done) =>
  useParts(
    ({ action }: { action: BulkAction }, evidence) =>
      api.POST("/api/v1/cases/{case_id}/evidence/bulk", { ...at(caseId), body: { text: "", ...action, evidence } }),
    onDone,
  );

export const useMoveMany = (caseId: string, onDone: Done) =>
  useParts(
    (given: MoveIn, evidence) => api.POST("/api/v1/cases/{case_id}/evidence/move", { ...at(caseId), body: { ...given, evidence } }),
    onDone,
  );

export const useDeleteMany = (caseId: string, onDone: Done) =>
  useParts(
    (given: { reason: string }, evidence) =>
      api.POST("/api/v1/cases/{case_id}/evidence/deletion", { ...at(caseId), body: { ...given, evidence } }),
    onDone,
  );

/** Save the chosen images as a table. */
export async function saveTable(caseId: string, keys: readonly string[]): Promise<void> {
  const params = { path: { case_id: caseId } };
  const { data } = await api.POST("/api/v1/cases/{case_id}/evidence/table", { params, body: { evidence: [...keys] }, parseAs: "blob" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data as unknown as Blob);
  link.download = `case-${caseId}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}
