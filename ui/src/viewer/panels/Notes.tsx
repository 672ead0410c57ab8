import { Button, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { when } from "@/format";
import { words } from "@/words";
import { useAddNote, useNotes } from "../queries";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import sides from "./conclusion.module.css";

/** Notes on an image; they are added, never changed. */
export function Notes({ id, mayWrite }: { id: string; mayWrite: boolean }) {
  const notes = useNotes(id);
  const [text, setText] = useState("");
  const add = useAddNote(id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(text.trim(), { onSuccess: () => setText("") });
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
              rows={3}
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
            <Button type="submit" variant="light" loading={add.isPending} disabled={!text.trim()}>
              {words.conclusion.add}
            </Button>
          </Stack>
        </form>
      )}
    </Block>
  );
}
