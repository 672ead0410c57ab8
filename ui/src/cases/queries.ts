import { keepPreviousData, useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { Case, CaseChange } from "@/api/types";
import type { words } from "@/words";
import { type Sieve, sieveQuery } from "./sieve";

export type CaseOrder = keyof typeof words.cases.sorts;
export type EvidenceOrder = keyof typeof words.case.sorts;

interface CaseQuery {
  search: string;
  sort: CaseOrder;
  closed: boolean;
  page: number;
}

export const PER_PAGE = 48;

/** A page of the cases that one may see. */
export function useCases(query: CaseQuery) {
  return useQuery({
    queryKey: ["cases", query],
    queryFn: async () => (await api.GET("/api/v1/cases", { params: { query: { ...query, per_page: PER_PAGE } } })).data,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.items.some(isBusy) ? 3_000 : 30_000),
  });
}

function isBusy({ states }: { states: { queued: number; running: number } }): boolean {
  return states.queued + states.running > 0;
}

/** One case. */
export function useCase(id: string) {
  return useQuery({
    queryKey: ["case", id],
    queryFn: async () => (await api.GET("/api/v1/cases/{case_id}", { params: { path: { case_id: id } } })).data,
  });
}

/** A page of a case's images. */
export function useEvidenceList(id: string, sieve: Sieve, page: number) {
  const query = { ...sieveQuery(sieve), page, per_page: PER_PAGE };
  return useQuery({
    queryKey: ["case", id, "evidence", query],
    queryFn: async () =>
      (await api.GET("/api/v1/cases/{case_id}/evidence", { params: { path: { case_id: id }, query } })).data,
    placeholderData: keepPreviousData,
  });
}

/** Several pages of a case's images: number of the page → its images, once they are there. */
export function useEvidencePages(id: string, sieve: Sieve, pages: readonly number[], size: number) {
  const found = useQueries({
    queries: pages.map((page) => {
      const query = { ...sieveQuery(sieve), page, per_page: size };
      return {
        queryKey: ["case", id, "evidence", query],
        queryFn: async () =>
          (await api.GET("/api/v1/cases/{case_id}/evidence", { params: { path: { case_id: id }, query } })).data,
      };
    }),
  });
  return new Map(pages.map((page, i) => [page, found[i]?.data?.items]));
}

/** What the ledger holds of a case. */
export function useHistory(id: string, page: number) {
  return useQuery({
    queryKey: ["case", id, "history", page],
    queryFn: async () =>
      (await api.GET("/api/v1/cases/{case_id}/history", { params: { path: { case_id: id }, query: { page } } })).data,
    placeholderData: keepPreviousData,
  });
}

/** With whom a case is shared. */
export function useShares(id: string) {
  return useQuery({
    queryKey: ["case", id, "shares"],
    queryFn: async () =>
      (await api.GET("/api/v1/cases/{case_id}/shares", { params: { path: { case_id: id }, query: { per_page: 200 } } })).data,
  });
}

/** Open a case. */
export function useOpenCase() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: { title: string; description: string }) => (await api.POST("/api/v1/cases", { body })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["cases"] }),
  });
}

/** Whatever changes a case, after which everything shown of it is read again. */
function useCaseWrite<Given>(id: string, write: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    // After a refusal too: what was changed meanwhile is to be seen.
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ["case", id] }),
        queries.invalidateQueries({ queryKey: ["cases"] }),
      ]),
  });
}

const at = (id: string) => ({ path: { case_id: id } });

/** Change a case as it was read, by its version; a change that was not seen is never overwritten. */
export const useChangeCase = ({ id, version }: Case) =>
  useCaseWrite(id, (body: CaseChange) =>
    api.PATCH("/api/v1/cases/{case_id}", { params: { ...at(id), header: { "If-Match": `"${version}"` } }, body }),
  );

export const useHandOver = ({ id, version }: Case) =>
  useCaseWrite(id, (name: string) =>
    api.PUT("/api/v1/cases/{case_id}/owner", { params: { ...at(id), header: { "If-Match": `"${version}"` } }, body: { name } }),
  );

export const useShare = (id: string) =>
  useCaseWrite(id, (body: { name: string; access: "read" | "write" }) =>
    api.POST("/api/v1/cases/{case_id}/shares", { params: at(id), body }),
  );

export const useWithdraw = (id: string) =>
  useCaseWrite(id, (userId: string) =>
    api.DELETE("/api/v1/cases/{case_id}/shares/{user_id}", { params: { path: { case_id: id, user_id: userId } } }),
  );

/** With which groups a case is shared. */
export function useGroupShares(id: string) {
  return useQuery({
    queryKey: ["case", id, "groups"],
    queryFn: async () =>
      (await api.GET("/api/v1/cases/{case_id}/groups", { params: { path: { case_id: id }, query: { per_page: 200 } } })).data,
  });
}

export const useShareWithGroup = (id: string) =>
  useCaseWrite(id, (body: { name: string; access: "read" | "write" }) =>
    api.POST("/api/v1/cases/{case_id}/groups", { params: at(id), body }),
  );

export const useWithdrawFromGroup = (id: string) =>
  useCaseWrite(id, (groupId: string) =>
    api.DELETE("/api/v1/cases/{case_id}/groups/{group_id}", { params: { path: { case_id: id, group_id: groupId } } }),
  );

export const useCancel = (caseId: string) =>
  useCaseWrite(caseId, (id: string) => api.POST("/api/v1/evidence/{evidence_id}/cancel", { params: { path: { evidence_id: id } } }));

export const useRetry = (caseId: string) =>
  useCaseWrite(caseId, (id: string) => api.POST("/api/v1/evidence/{evidence_id}/retry", { params: { path: { evidence_id: id } } }));
