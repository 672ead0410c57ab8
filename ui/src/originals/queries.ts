import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { OriginalIn } from "@/api/types";

/** A page of the registered originals. */
export function useOriginals(page: number) {
  return useQuery({
    queryKey: ["originals", page],
    queryFn: async () => (await api.GET("/api/v1/registry", { params: { query: { page } } })).data,
    placeholderData: keepPreviousData,
  });
}

function useRegistryWrite<Input>(write: (given: Input) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    // A registered original is matched with what is in the cases already.
    onSuccess: () => queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "finding" }),
  });
}

export const useRegister = () => useRegistryWrite((body: OriginalIn) => api.POST("/api/v1/registry", { body }));

export const useRemoveOriginal = () =>
  useRegistryWrite((id: string) => api.DELETE("/api/v1/registry/{original_id}", { params: { path: { original_id: id } } }));
