import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

/** Whatever is deleted or held, after which everything shown of cases is read again. */
function useFate<Given, Made>(write: (given: Given) => Promise<Made>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    onSettled: () => Promise.all(["case", "cases", "retention"].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
}

export const useDeleteImage = (id: string) =>
  useFate(
    async (reason: string) =>
      (await api.POST("/api/v1/evidence/{evidence_id}/deletion", { params: { path: { evidence_id: id } }, body: { reason } })).data,
  );

export const useDeleteCase = (id: string) =>
  useFate(
    async (reason: string) =>
      (await api.POST("/api/v1/cases/{case_id}/deletion", { params: { path: { case_id: id } }, body: { reason } })).data,
  );

export const useHold = (id: string) =>
  useFate((body: { held: boolean; reason: string }) =>
    api.PUT("/api/v1/cases/{case_id}/hold", { params: { path: { case_id: id } }, body }),
  );

/** A page of the closed cases, and the rule. */
export function useClosedCases(due: boolean, page: number) {
  return useQuery({
    queryKey: ["retention", due, page],
    queryFn: async () => (await api.GET("/api/v1/retention", { params: { query: { due, page } } })).data,
    placeholderData: keepPreviousData,
  });
}
