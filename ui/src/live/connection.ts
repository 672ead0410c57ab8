import { useSyncExternalStore } from "react";

/** Whether the server answers, as the last answer or silence tells. */
let lost = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (lost === next) return;
  lost = next;
  for (const tell of listeners) tell();
}

export const connectionLost = () => set(true);
export const connectionFine = () => set(false);

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Whether connection or server is gone. */
export function useIsLost(): boolean {
  return useSyncExternalStore(subscribe, () => lost);
}
