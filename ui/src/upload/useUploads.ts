import { useCallback, useEffect, useReducer, useRef } from "react";
import { Refusal } from "@/api/client";
import type { Evidence } from "@/api/types";
import { words } from "@/words";
import { reduce, startable, type Upload } from "./queue";
import { Later, send } from "./send";

/** Files on their way into a case, `largest` bytes each at most; `onSent` is called for each that has arrived. */
export function useUploads(caseId: string, largest: number, onSent: (made: Evidence) => void) {
  const [uploads, dispatch] = useReducer(reduce, []);
  const nextKey = useRef(0);
  const stops = useRef(new Map<number, AbortController>());
  const told = useRef(onSent);
  useEffect(() => {
    told.current = onSent;
  }, [onSent]);

  const start = useCallback(
    async (upload: Upload) => {
      const change = (change: Partial<Upload>) => dispatch({ type: "change", key: upload.key, change });
      const stop = new AbortController();
      stops.current.set(upload.key, stop);
      change({ state: "sending", share: 0, text: "" });
      try {
        const made = await send(upload.file, caseId, (share) => change({ share }), stop.signal);
        change({ state: "sent", share: 1, text: made.duplicate ? words.upload.duplicate : words.upload.sent });
        told.current(made);
      } catch (error) {
        if (error instanceof Later) setTimeout(() => change({ state: "waiting" }), 1000 * error.seconds);
        else change({ state: "refused", ...(error instanceof Refusal ? { text: error.message, lang: error.lang } : { text: words.upload.failed }) });
      } finally {
        stops.current.delete(upload.key);
      }
    },
    [caseId],
  );

  useEffect(() => {
    for (const upload of startable(uploads)) void start(upload);
  }, [uploads, start]);

  return {
    uploads,
    add: (files: readonly File[]) => {
      dispatch({ type: "add", files, firstKey: nextKey.current, largest });
      nextKey.current += files.length;
    },
    stop: (upload: Upload) => {
      stops.current.get(upload.key)?.abort();
      dispatch({ type: "change", key: upload.key, change: { state: "refused", text: words.upload.stopped } });
    },
    again: (upload: Upload) => dispatch({ type: "change", key: upload.key, change: { state: "waiting", text: "", lang: undefined } }),
    clear: () => dispatch({ type: "clear" }),
  };
}
