import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, Refusal, remember } from "@/api/client";
import type { Me } from "@/api/types";
import { dropSynced } from "@/drafts/drafts";

const KEY = ["session"];

/** Who is signed in; null when nobody is. */
export function useSession() {
  return useQuery({ queryKey: KEY, queryFn: whoAmI, staleTime: Infinity, retry: false });
}

async function whoAmI(): Promise<Me | null> {
  try {
    const { data } = await api.GET("/api/v1/session");
    return welcome(data as Me);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) return null;
    throw error;
  }
}

function welcome(me: Me): Me {
  remember(me);
  return me;
}

/** A way in: sign-in, set-up or invitation; what it answers with becomes the session. */
export function useEntrance<Given>(enter: (given: Given) => Promise<Me>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: enter,
    meta: { silent: true },
    onSuccess: (me) => queries.setQueryData(KEY, welcome(me)),
  });
}

/** End the session on the server and forget everything that was read. */
export function useSignOut() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => api.DELETE("/api/v1/session"),
    onSettled: () => {
      remember(null);
      dropSynced();
      queries.setQueryData(KEY, null);
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== KEY[0] });
    },
  });
}
