import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { TokenIn } from "@/api/types";

const KEY = ["tokens"];

/** One's own API tokens. */
export function useTokens() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => (await api.GET("/api/v1/tokens", { params: { query: { per_page: 200 } } })).data,
  });
}

/** Make a token; the answer holds its secret, this once. */
export function useMakeToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async (body: TokenIn) => (await api.POST("/api/v1/tokens", { body })).data,
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

/** Revoke a token. */
export function useRevoke() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.DELETE("/api/v1/tokens/{token_id}", { params: { path: { token_id: id } } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

/** Change one's password; every other session and every token ends. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { current: string; new: string }) => api.PUT("/api/v1/session/password", { body }),
    meta: { silent: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
