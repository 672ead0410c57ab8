import { useCallback, useEffect, useRef, useState } from "react";
import { api } from "@/api/client";
import { useSession } from "@/session/session";
import { begin, end } from "./begun";
import { type DraftSubject, dropLocal, localKey, readLocal, resume, same, type Words, writeLocal } from "./drafts";

// Milliseconds without a key until the server is told.
const PAUSE = 700;

/** Where a draft is kept: nowhere, for there is none; in this browser; on the server too. */
export type Keeping = "none" | "local" | "kept";

export interface Draft extends Words {
  keeping: Keeping;
  change: (change: Partial<Words>) => void;
  /** Go back to what is recorded. */
  drop: () => void;
  /** It was recorded, and the server has dropped the draft. */
  recorded: (words: Words) => void;
}

/**
 * Words that are being written: kept in this browser with every key, and on the server after a pause.
 *
 * `server` is the server's draft, read before this is first drawn; `recorded` is what the words replace.
 */
export function useDraft(evidenceId: string, subject: DraftSubject, server: Words | undefined, recorded: Words): Draft {
  const userId = useSession().data?.id ?? "";
  const key = localKey(userId, evidenceId, subject);
  const [base, setBase] = useState(recorded);
  const [words, setWords] = useState(() => resume(readLocal(key), server, recorded));
  const [synced, setSynced] = useState(() => readLocal(key)?.synced !== false);
  const pending = useRef<{ timer: number; send: () => void } | null>(null);
  const isBegun = !same(words, base);

  useEffect(() => (isBegun ? begin(key) : end(key)), [key, isBegun]);

  const path = useCallback(() => ({ params: { path: { evidence_id: evidenceId, subject } } }), [evidenceId, subject]);
  const forget = useCallback(() => {
    if (pending.current) window.clearTimeout(pending.current.timer);
    pending.current = null;
    dropLocal(key);
    // Here too, for a form that goes away as it is recorded has no effects any more.
    end(key);
    setSynced(true);
  }, [key]);

  const keep = useCallback(
    (next: Words) => {
      if (pending.current) window.clearTimeout(pending.current.timer);
      writeLocal(key, { ...next, synced: false });
      setSynced(false);
      const send = () => {
        pending.current = null;
        // A failure is no news here: the browser keeps the words, and the next key tries again.
        api.PUT("/api/v1/evidence/{evidence_id}/drafts/{subject}", { ...path(), body: next }).then(
          () => {
            if (pending.current || !readLocal(key)) return;
            writeLocal(key, { ...next, synced: true });
            setSynced(true);
          },
          () => undefined,
        );
      };
      pending.current = { timer: window.setTimeout(send, PAUSE), send };
    },
    [key, path],
  );

  const drop = useCallback(() => {
    forget();
    setWords(base);
    api.DELETE("/api/v1/evidence/{evidence_id}/drafts/{subject}", path()).catch(() => undefined);
  }, [forget, base, path]);

  // What was not sent yet goes out when the form goes away.
  useEffect(
    () => () => {
      if (!pending.current) return;
      window.clearTimeout(pending.current.timer);
      pending.current.send();
    },
    [],
  );

  return {
    ...words,
    keeping: !isBegun ? "none" : synced ? "kept" : "local",
    change: (change) => {
      const next = { ...words, ...change };
      setWords(next);
      keep(next);
    },
    drop,
    recorded: (next) => {
      forget();
      setBase(next);
      setWords(next);
    },
  };
}
