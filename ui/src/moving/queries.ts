import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "@/api/client";
import type { MoveIn } from "@/api/types";

/**
 * Move an image, after which everything shown of it and of both cases is read again.
 *
 * `onDone` is called even if the image's card has left the list by then, as it does when the list hears of the move first.
 */
export function useMoveImage(id: string, onDone: () => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: MoveIn) => api.POST("/api/v1/evidence/{evidence_id}/move", { params: { path: { evidence_id: id } }, body }),
    onSuccess: onDone,
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ queryKey: [what, , part] }) => ["case", "cases", "evidence"].includes(String(what)) && part !== "drafts",
      }),
  });
}
