import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Evidence, FindingView } from "@/api/types";
import type { Outcome } from "@/words";

const at = (id: string) => ({ path: { evidence_id: id } });

/** One image and how far its examination is. */
export function useEvidence(id: string) {
  return useQuery({
    queryKey: ["evidence", id],
    queryFn: async () => (await api.GET("/api/evidence/{evidence_id}", { params: at(id) })).data,
  });
}

// From here on the first map may be asked for without asking in vain.
const FIRST_MAP_FROM = 0.08;

/** Address of the map that is there before the examination ends; null until it is. */
export function useFirstMap({ id, state, progress }: Evidence): string | null {
  const url = `/api/evidence/${id}/maps/ela`;
  const found = useQuery({
    queryKey: ["first map", id],
    queryFn: async () => (await fetch(url, { method: "HEAD" })).ok,
    enabled: state === "running" && progress > FIRST_MAP_FROM,
    refetchInterval: ({ state: { data } }) => (data ? false : 1_500),
  });
  return found.data ? url : null;
}

/** What was found; read once, for each reading is a record in the ledger. */
export function useFinding(id: string, done: boolean) {
  return useQuery({
    queryKey: ["finding", id],
    // The client knows tuples as lists of any length.
    queryFn: async () =>
      (await api.GET("/api/evidence/{evidence_id}/finding", { params: at(id) })).data as FindingView | undefined,
    enabled: done,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** The images before and after one in its case, the newest first; null at the ends. */
export function useNeighbours(id: string, caseId: string | undefined) {
  const list = useQuery({
    queryKey: ["case", caseId, "order"],
    queryFn: async () => {
      const params = { path: { case_id: caseId as string }, query: { per_page: 200 } };
      const page = (await api.GET("/api/cases/{case_id}/evidence", { params })).data;
      return page?.items.map((item) => item.id) ?? [];
    },
    enabled: caseId !== undefined,
  });
  const place = list.data?.indexOf(id) ?? -1;
  const beside = (step: number) => (place < 0 ? null : (list.data?.[place + step] ?? null));
  return { previous: beside(-1), next: beside(1) };
}

/** The notes on an image. */
export function useNotes(id: string) {
  return useQuery({
    queryKey: ["evidence", id, "notes"],
    queryFn: async () =>
      (await api.GET("/api/evidence/{evidence_id}/notes", { params: { ...at(id), query: { per_page: 200 } } })).data,
  });
}

function useEvidenceWrite<Given>(id: string, write: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: write, onSuccess: () => queries.invalidateQueries({ queryKey: ["evidence", id] }) });
}

export const useAddNote = (id: string) =>
  useEvidenceWrite(id, (text: string) =>
    api.POST("/api/evidence/{evidence_id}/notes", { params: at(id), body: { text } }),
  );

export const useConclude = (id: string) =>
  useEvidenceWrite(id, (body: { outcome: Outcome; text: string }) =>
    api.PUT("/api/evidence/{evidence_id}/conclusion", { params: at(id), body }),
  );
