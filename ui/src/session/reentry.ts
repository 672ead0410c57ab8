import { useSyncExternalStore } from "react";

/** A session that ended while somebody was at work: what waits for their password, and goes on with it. */
let answer: ((isBack: boolean) => void) | null = null;
let waiting: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

const tell = () => listeners.forEach((one) => one());

/** Ask for the password in place; true once the person is back, false when they would rather sign out. */
export function reenter(): Promise<boolean> {
  waiting ??= new Promise<boolean>((resolve) => {
    answer = resolve;
  });
  tell();
  return waiting;
}

/** Tell everything that waits. */
export function goOn(isBack: boolean): void {
  answer?.(isBack);
  answer = waiting = null;
  tell();
}

function subscribe(listen: () => void): () => void {
  listeners.add(listen);
  return () => listeners.delete(listen);
}

/** Whether somebody has to give their password. */
export function useIsAsked(): boolean {
  return useSyncExternalStore(subscribe, () => waiting !== null);
}
