import { notifications } from "@mantine/notifications";
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { createElement } from "react";
import { connectionFine, connectionLost } from "@/live/connection";
import { Said } from "@/shell/Said";
import { words } from "@/words";
import { Refusal } from "./client";

/** What was read from the server; a session that ended leads to the sign-in, a failed write is told. */
export const queries: QueryClient = new QueryClient({
  // Asked even where the browser thinks that it is offline: an answer or an error, never an endless wait.
  defaultOptions: {
    queries: { staleTime: 10_000, networkMode: "always", retry: (count, error) => count < 2 && isPassing(error) },
    mutations: { networkMode: "always" },
  },
  queryCache: new QueryCache({ onError: hear, onSuccess: connectionFine }),
  mutationCache: new MutationCache({
    onError: (error, _given, _context, mutation) => {
      hear(error);
      if (mutation.meta?.silent !== true) notifications.show({ color: "red", message: createElement(Said, { error }), closeButtonProps: { "aria-label": words.close } });
    },
  }),
});

/** Whether asking again may help: the server was away, or broke. */
function isPassing(error: Error): boolean {
  return !(error instanceof Refusal) || error.status === 0 || error.status >= 500;
}

function hear(error: Error): void {
  if (error instanceof Refusal && error.status === 0) connectionLost();
  if (error instanceof Refusal && error.status === 401) queries.setQueryData(["session"], null);
}
