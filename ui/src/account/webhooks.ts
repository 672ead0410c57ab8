import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";

const KEY = ["webhooks"];

/** One's own webhooks. */
export function useWebhooks() {
  return useQuery({
    queryKey: KEY,
    queryFn: async () => (await api.GET("/api/v1/webhooks", { params: { query: { per_page: 200 } } })).data,
  });
}

/** Have a program called from now on. */
export function useAddWebhook() {
  return useChange((url: string) => api.POST("/api/v1/webhooks", { body: { url } }));
}

/** Call no more, or go on. */
export function usePause() {
  return useChange(({ id, paused }: { id: string; paused: boolean }) =>
    api.PATCH("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } }, body: { paused } }),
  );
}

/** Take it away. */
export function useRemoveWebhook() {
  return useChange((id: string) => api.DELETE("/api/v1/webhooks/{webhook_id}", { params: { path: { webhook_id: id } } }));
}

/** Call once with nothing to tell. */
export function useTryOut() {
  return useMutation({
    mutationFn: async (id: string) =>
      (await api.POST("/api/v1/webhooks/{webhook_id}/test", { params: { path: { webhook_id: id } } })).data,
  });
}

function useChange<Given>(change: (given: Given) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => queries.invalidateQueries({ queryKey: KEY }) });
}
