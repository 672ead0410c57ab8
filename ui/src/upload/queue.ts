import { words } from "@/words";

/** One file on its way. */
export interface Upload {
  key: number;
  file: File;
  state: "waiting" | "sending" | "sent" | "refused";
  /** Share that has gone out, 0 to 1. */
  share: number;
  /** Why it was refused, or what is to be said of it. */
  text: string;
  /** Of the text, where it is not the page's. */
  lang?: "en" | undefined;
}

/** What happens to the list of files. */
export type Event =
  | { type: "add"; files: readonly File[]; firstKey: number; largest: number }
  | { type: "change"; key: number; change: Partial<Omit<Upload, "key" | "file">> }
  | { type: "clear" };

/** As many at a time; more would only share the same line. */
export const AT_ONCE = 3;

/** The list after an event. */
export function reduce(uploads: readonly Upload[], event: Event): readonly Upload[] {
  switch (event.type) {
    case "add":
      return [...uploads, ...event.files.map((file, i) => begin(file, event.firstKey + i, event.largest))];
    case "change":
      return uploads.map((upload) => (upload.key === event.key ? { ...upload, ...event.change } : upload));
    case "clear":
      return uploads.filter(isOpen);
  }
}

function begin(file: File, key: number, largest: number): Upload {
  const refusal = file.size === 0 ? words.upload.empty : file.size > largest ? words.upload.tooLarge(Math.floor(largest / 2 ** 20)) : "";
  return { key, file, state: refusal ? "refused" : "waiting", share: 0, text: refusal };
}

/** Whether a file is still to be sent or on its way. */
export function isOpen({ state }: Upload): boolean {
  return state === "waiting" || state === "sending";
}

/** Which files may start now, the first first. */
export function startable(uploads: readonly Upload[]): readonly Upload[] {
  const free = AT_ONCE - uploads.filter(({ state }) => state === "sending").length;
  return uploads.filter(({ state }) => state === "waiting").slice(0, Math.max(0, free));
}
