import { useSyncExternalStore } from "react";

/** Which drafts are begun and not recorded, by their local names; leaving asks while there is any. */
let begun: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function set(next: ReadonlySet<string>): void {
  begun = next;
  for (const tell of listeners) tell();
}

export function begin(key: string): void {
  if (!begun.has(key)) set(new Set([...begun, key]));
}

export function end(key: string): void {
  if (begun.has(key)) set(new Set([...begun].filter((one) => one !== key)));
}

/** The person leaves; the drafts stay where they are kept. */
export function leave(): void {
  set(new Set());
}

export function anyBegun(): boolean {
  return begun.size > 0;
}

function subscribe(tell: () => void): () => void {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

/** Whether anything is begun and not recorded. */
export function useAnyBegun(): boolean {
  return useSyncExternalStore(subscribe, anyBegun);
}
