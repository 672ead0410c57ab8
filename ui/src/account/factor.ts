import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

const KEY = ["factor"];

/** Whether one's account has a second factor. */
export function useFactor() {
  return useQuery({ queryKey: KEY, queryFn: async () => (await api.GET("/api/v1/session/factor")).data });
}

/** Get a secret for the authenticator. */
export function useBeginFactor() {
  return useMutation({
    mutationFn: async (password: string) => (await api.POST("/api/v1/session/factor", { body: { password } })).data,
    meta: { silent: true },
  });
}

/** Something that takes a code. */
function useWithCode<Made>(write: (code: string) => Promise<Made>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: write,
    meta: { silent: true },
    onSuccess: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export const useConfirmFactor = () =>
  useWithCode(async (code) => (await api.PUT("/api/v1/session/factor", { body: { code } })).data);

export const useRenewCodes = () =>
  useWithCode(async (code) => (await api.POST("/api/v1/session/factor/codes", { body: { code } })).data);

export const useTurnOff = () => useWithCode((code) => api.POST("/api/v1/session/factor/removal", { body: { code } }));
