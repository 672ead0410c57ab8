import type { Case } from "@/api/types";

/** Whether the reader may move images out of a case: its owner, unless it is closed or held. */
export function mayMove(item: Case | undefined): boolean {
  return item?.access === "owner" && !item.closed && !item.hold;
}
