import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import { type Sieve, sieveQuery } from "@/cases/sieve";
import type { ConclusionIn, Evidence, FindingView, ReviewIn } from "@/api/types";

const at = (id: string) => ({ path: { evidence_id: id } });

/** One image and how far its examination is. */
export function useEvidence(id: string) {
  return useQuery({
    queryKey: ["evidence", id],
    queryFn: async () => (await api.GET("/api/v1/evidence/{evidence_id}", { params: at(id) })).data,
  });
}

// From here on the first map may be asked for without asking in vain.
const FIRST_MAP_FROM = 0.08;

/** Address of the map that is there before the examination ends; null until it is. */
export function useFirstMap({ id, state, progress }: Evidence): string | null {
  const url = `/api/v1/evidence/${id}/maps/ela`;
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
      (await api.GET("/api/v1/evidence/{evidence_id}/finding", { params: at(id) })).data as FindingView | undefined,
    enabled: done,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** What stands before and after an image in its case's list, as that is sorted and filtered. */
export function useNeighbours(id: string, caseId: string, sieve: Sieve) {
  const query = sieveQuery(sieve);
  return useQuery({
    queryKey: ["case", caseId, "neighbours", id, query],
    queryFn: async () =>
      (await api.GET("/api/v1/evidence/{evidence_id}/neighbours", { params: { ...at(id), query } })).data,
  }).data;
}

/** The other images that show the same. */
export function useNearDuplicates(id: string) {
  return useQuery({
    queryKey: ["evidence", id, "near duplicates"],
    queryFn: async () =>
      (await api.GET("/api/v1/evidence/{evidence_id}/near-duplicates", { params: at(id) })).data?.items,
  });
}

/** The notes on an image. */
export function useNotes(id: string) {
  return useQuery({
    queryKey: ["evidence", id, "notes"],
    queryFn: async () =>
      (await api.GET("/api/v1/evidence/{evidence_id}/notes", { params: { ...at(id), query: { per_page: 200 } } })).data,
  });
}

/** What every examiner concludes. */
export function useConclusions(id: string) {
  return useQuery({
    queryKey: ["evidence", id, "conclusions"],
    queryFn: async () => (await api.GET("/api/v1/evidence/{evidence_id}/conclusions", { params: at(id) })).data,
  });
}

/** What one has begun to write; read once, for from then on the page knows it best. */
export function useDrafts(id: string, mayWrite: boolean) {
  return useQuery({
    queryKey: ["evidence", id, "drafts"],
    queryFn: async () =>
      mayWrite ? (await api.GET("/api/v1/evidence/{evidence_id}/drafts", { params: at(id) })).data : { items: [] },
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    retry: false,
  });
}

function useEvidenceWrite<Given, Made>(id: string, write: (given: Given) => Promise<Made>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    // After a refusal too: what was changed meanwhile is to be seen.
    onSettled: () =>
      queries.invalidateQueries({ queryKey: ["evidence", id], predicate: ({ queryKey }) => queryKey[2] !== "drafts" }),
  });
}

export const useAddNote = (id: string) =>
  useEvidenceWrite(id, (text: string) =>
    api.POST("/api/v1/evidence/{evidence_id}/notes", { params: at(id), body: { text } }),
  );

interface Concluding {
  said: ConclusionIn;
  /** Identifier of one's conclusion that is replaced, as it was read. */
  seen: string | undefined;
}

export const useConclude = (id: string) =>
  useEvidenceWrite(id, async ({ said, seen }: Concluding) => {
    const header = seen ? { "If-Match": `"${seen}"` } : { "If-None-Match": "*" };
    return (await api.PUT("/api/v1/evidence/{evidence_id}/conclusion", { params: { ...at(id), header }, body: said })).data;
  });

export const useReview = (id: string, conclusionId: string) =>
  useEvidenceWrite(id, (body: ReviewIn) =>
    api.POST("/api/v1/evidence/{evidence_id}/conclusions/{conclusion_id}/reviews", {
      params: { path: { evidence_id: id, conclusion_id: conclusionId } },
      body,
    }),
  );
