/** What a person has begun to write, kept by this browser; the server keeps the same once it answers. */
export interface Words {
  /** Outcome or verdict. */
  choice: string | null;
  text: string;
}

/** A draft in this browser, and whether the server has it too. */
interface Kept extends Words {
  synced: boolean;
}

const PREFIX = "tamperlens.draft.";

export type DraftSubject = "note" | "conclusion" | `review-${string}` | "annotation" | `annotation-${string}`;

/** Under which name the browser keeps a draft. */
export function localKey(userId: string, evidenceId: string, subject: DraftSubject): string {
  return `${PREFIX}${userId}.${evidenceId}.${subject}`;
}

/** What the browser keeps under that name. */
export function readLocal(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null") as Kept | null;
  } catch {
    return null;
  }
}

export function writeLocal(key: string, kept: Kept): void {
  try {
    localStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // The browser's store is full or closed; the server still keeps the draft.
  }
}

export function dropLocal(key: string): void {
  localStorage.removeItem(key);
}

/** Forget every draft of this browser that the server has: others may sit at it next. */
export function dropSynced(): void {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && readLocal(key)?.synced) dropLocal(key);
  }
}

export function same(one: Words, other: Words): boolean {
  return one.choice === other.choice && one.text.trim() === other.text.trim();
}

/**
 * Where to go on writing: what the server never got comes first, then what it has, then what is recorded.
 *
 * A draft that both had and the server has no more was recorded or dropped elsewhere.
 */
export function resume(local: Kept | null, server: Words | undefined, recorded: Words): Words {
  if (local && !local.synced) return { choice: local.choice, text: local.text };
  return server ? { choice: server.choice, text: server.text } : recorded;
}
