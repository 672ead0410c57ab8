import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

/**
 * Whatever is deleted or held, after which everything shown of cases is read again.
 *
 * `onDone` is called even if what asked for it is no longer shown by then.
 */
function useFate<Given, Made>(write: (given: Given) => Promise<Made>, onDone: (made: Made) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSuccess: onDone,
    onSettled: () => Promise.all(["case", "cases", "retention"].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}

interface Deletion {
  images: number;
}

export const useDeleteImage = (id: string, onDone: (made?: Deletion) => void) =>
  useFate(
    async (reason: string) =>
      (await api.POST("/api/v1/evidence/{evidence_id}/deletion", { params: { path: { evidence_id: id } }, body: { reason } })).data,
    onDone,
  );

export const useDeleteCase = (id: string, onDone: (made?: Deletion) => void) =>
  useFate(
    async (reason: string) =>
      (await api.POST("/api/v1/cases/{case_id}/deletion", { params: { path: { case_id: id } }, body: { reason } })).data,
    onDone,
  );

export const useHold = (id: string, onDone: () => void) =>
  useFate(
    (body: { held: boolean; reason: string }) => api.PUT("/api/v1/cases/{case_id}/hold", { params: { path: { case_id: id } }, body }),
    onDone,
  );

/** A page of the closed cases, and the rule. */
export function useClosedCases(due: boolean, page: number) {
  return useQuery({
    queryKey: ["retention", due, page],
    queryFn: async () => (await api.GET("/api/v1/retention", { params: { query: { due, page } } })).data,
    placeholderData: keepPreviousData,
  });
}
