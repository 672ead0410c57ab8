import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
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

/**
 * A way in: sign-in, set-up or invitation; what it answers with becomes the session.
 *
 * `asksCode` is true once the server asked for a code of the second factor; `complaint` is what else was wrong.
 */
export function useEntrance<Given extends object>(enter: (given: Given) => Promise<Me>) {
  const queries = useQueryClient();
  const [asksCode, setAsksCode] = useState(false);
  const entrance = useMutation({
    mutationFn: enter,
    meta: { silent: true },
    onSuccess: (me) => queries.setQueryData(KEY, welcome(me)),
    onError: (error) => {
      if (needsCode(error)) setAsksCode(true);
    },
  });
  const isOnlyAsked = needsCode(entrance.error) && !(entrance.variables as { code?: string } | undefined)?.code;
  return { ...entrance, asksCode, complaint: isOnlyAsked ? null : entrance.error };
}

function needsCode(error: Error | null): boolean {
  return error instanceof Refusal && error.fields.includes("code");
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
