import { Button, Stack, Textarea } from "@mantine/core";
import type { FormEvent } from "react";
import { DraftState } from "@/drafts/DraftState";
import type { Words } from "@/drafts/drafts";
import { useDraft } from "@/drafts/useDraft";
import { when } from "@/format";
import { words } from "@/words";
import { useAddNote, useNotes } from "../queries";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import sides from "./conclusion.module.css";

interface NotesProps {
  id: string;
  mayWrite: boolean;
  /** What the server keeps of a note that is being written. */
  draft: Words | undefined;
}

const NOTHING: Words = { choice: null, text: "" };

/** Notes on an image; they are added, never changed. */
export function Notes({ id, mayWrite, draft: server }: NotesProps) {
  const notes = useNotes(id);
  const draft = useDraft(id, "note", server, NOTHING);
  const add = useAddNote(id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(draft.text.trim(), { onSuccess: () => draft.recorded(NOTHING) });
  };
  return (
    <Block title={words.conclusion.notes}>
      <p className={classes.soft}>{words.conclusion.notesText}</p>
      {notes.data?.total === 0 && <p className={classes.soft}>{words.conclusion.noNotes}</p>}
      {notes.data?.items.map((note) => (
        <div key={note.id} className={sides.note}>
          {note.text}
          <p className={classes.soft}>{words.conclusion.by(note.by, when(note.at))}</p>
        </div>
      ))}
      {mayWrite && (
        <form onSubmit={submit}>
          <Stack gap="xs">
            <Textarea
              label={words.conclusion.note}
              autosize
              minRows={3}
              value={draft.text}
              onChange={(event) => draft.change({ text: event.currentTarget.value })}
            />
            <DraftState draft={draft} />
            <Button type="submit" variant="light" loading={add.isPending} disabled={!draft.text.trim()}>
              {words.conclusion.add}
            </Button>
          </Stack>
        </form>
      )}
    </Block>
  );
}
