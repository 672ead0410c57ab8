import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { UserChange } from "@/api/types";
import type { Role } from "@/words";

/** A page of the accounts. */
export function useUsers(search: string, page: number) {
  return useQuery({
    queryKey: ["users", search, page],
    queryFn: async () => (await api.GET("/api/v1/users", { params: { query: { search, page } } })).data,
    placeholderData: keepPreviousData,
  });
}

function useUserWrite<Given, Made>(write: (given: Given) => Promise<Made>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: write, onSuccess: () => queries.invalidateQueries({ queryKey: ["users"] }) });
}

export const useInvite = () =>
  useUserWrite(async (body: { name: string; role: Role; email?: string }) => (await api.POST("/api/v1/users", { body })).data);

export const useChangeUser = () =>
  useUserWrite(({ id, change }: { id: string; change: UserChange }) =>
    api.PATCH("/api/v1/users/{user_id}", { params: { path: { user_id: id } }, body: change }),
  );

export const useHandOverCases = () =>
  useUserWrite(
    async ({ id, name }: { id: string; name: string }) =>
      (await api.POST("/api/v1/users/{user_id}/handover", { params: { path: { user_id: id } }, body: { name } })).data,
  );

export const useReset = () =>
  useUserWrite(
    async (id: string) => (await api.POST("/api/v1/users/{user_id}/invitation", { params: { path: { user_id: id } } })).data,
  );

export const useRemoveFactor = () =>
  useUserWrite((id: string) => api.DELETE("/api/v1/users/{user_id}/factor", { params: { path: { user_id: id } } }));

/** A page of the groups. */
export function useGroups(page = 1) {
  return useQuery({
    queryKey: ["groups", page],
    queryFn: async () => (await api.GET("/api/v1/groups", { params: { query: { page, per_page: 200 } } })).data,
    placeholderData: keepPreviousData,
  });
}

function useGroupWrite<Given>(write: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: write, onSettled: () => queries.invalidateQueries({ queryKey: ["groups"] }) });
}

const of = (group: string) => ({ path: { group_id: group } });

export const useAddGroup = () => useGroupWrite((name: string) => api.POST("/api/v1/groups", { body: { name } }));

export const useRename = () =>
  useGroupWrite(({ id, name }: { id: string; name: string }) =>
    api.PATCH("/api/v1/groups/{group_id}", { params: of(id), body: { name } }),
  );

export const useDissolve = () =>
  useGroupWrite((group: string) => api.DELETE("/api/v1/groups/{group_id}", { params: of(group) }));

export const useAddMember = (group: string) =>
  useGroupWrite((name: string) => api.POST("/api/v1/groups/{group_id}/members", { params: of(group), body: { name } }));

export const useTakeOut = (group: string) =>
  useGroupWrite((user: string) =>
    api.DELETE("/api/v1/groups/{group_id}/members/{user_id}", { params: { path: { group_id: group, user_id: user } } }),
  );

/** A page of the ledger, the latest first. */
export function useLedger(page: number) {
  return useQuery({
    queryKey: ["ledger", page],
    queryFn: async () => (await api.GET("/api/v1/ledger", { params: { query: { page } } })).data,
    placeholderData: keepPreviousData,
  });
}

/** The check of the whole chain, when it is asked for. */
export function useVerification() {
  return useMutation({ mutationFn: async () => (await api.GET("/api/v1/ledger/verification")).data });
}
