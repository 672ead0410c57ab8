import { Button, CloseButton, Group, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Annotation, AnnotationIn } from "@/api/types";
import { DraftState } from "@/drafts/DraftState";
import type { DraftSubject, Words } from "@/drafts/drafts";
import { useDraft } from "@/drafts/useDraft";
import { when } from "@/format";
import { useSession } from "@/session/session";
import { words } from "@/words";
import { useDrafts } from "../queries";
import { useAnnotate, useChangeAnnotation, useRemoveAnnotation } from "./annotations";
import classes from "./marking.module.css";

interface AnnotationCardProps {
  evidenceId: string;
  said: Annotation;
  number: number;
  mayWrite: boolean;
  onClose: () => void;
}

/** What an examiner says of a region that they drew; its author may change and remove it. */
export function AnnotationCard({ evidenceId, said, number, mayWrite, onClose }: AnnotationCardProps) {
  const name = useSession().data?.name;
  const [isWriting, setWriting] = useState(false);
  const change = useChangeAnnotation(evidenceId, said);
  const remove = useRemoveAnnotation(evidenceId);
  const isOwn = mayWrite && said.by === name;
  return (
    <section className={classes.card} aria-label={words.marking.regionBy(number, said.by)}>
      <header>
        <h2>{words.marking.region(number)}</h2>
        <CloseButton aria-label={words.close} onClick={onClose} />
      </header>
      {isWriting ? (
        <Commented
          evidenceId={evidenceId}
          subject={`annotation-${said.id}`}
          before={said.text}
          isBusy={change.isPending}
          onSave={(text, done) =>
            change.mutate({ shape: said.shape, points: said.points, text }, { onSuccess: () => (done(), setWriting(false)) })
          }
          onClose={() => setWriting(false)}
        />
      ) : (
        <>
          <p className={classes.text}>{said.text || words.marking.noComment}</p>
          <p className={classes.soft}>{words.marking.drawnBy(said.by, when(said.at), said.changed_at && when(said.changed_at))}</p>
          {isOwn && (
            <Group gap="xs" mt="sm">
              <Button size="compact-sm" variant="default" onClick={() => setWriting(true)}>
                {words.marking.change}
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="red"
                loading={remove.isPending}
                onClick={() => remove.mutate(said, { onSuccess: onClose })}
              >
                {words.marking.remove}
              </Button>
            </Group>
          )}
        </>
      )}
    </section>
  );
}

interface NewAnnotationProps {
  evidenceId: string;
  drawn: Omit<AnnotationIn, "text">;
  onClose: () => void;
  onMade: (id: string | undefined) => void;
}

/** The comment on a region that was just drawn. */
export function NewAnnotation({ evidenceId, drawn, onClose, onMade }: NewAnnotationProps) {
  const annotate = useAnnotate(evidenceId);
  return (
    <section className={classes.card} aria-label={words.marking.fresh}>
      <header>
        <h2>{words.marking.fresh}</h2>
        <CloseButton aria-label={words.marking.discard} onClick={onClose} />
      </header>
      <Commented
        evidenceId={evidenceId}
        subject="annotation"
        before=""
        isBusy={annotate.isPending}
        onSave={(text, done) => annotate.mutate({ ...drawn, text }, { onSuccess: (made) => (done(), onMade(made?.id)) })}
        onClose={onClose}
      />
    </section>
  );
}

interface CommentedProps {
  evidenceId: string;
  subject: DraftSubject;
  before: string;
  isBusy: boolean;
  /** Record it; `done` once the server has. */
  onSave: (text: string, done: () => void) => void;
  onClose: () => void;
}

function Commented(props: CommentedProps) {
  const drafts = useDrafts(props.evidenceId, true);
  if (drafts.isPending) return null;
  return <Writing {...props} server={drafts.data?.items.find(({ subject }) => subject === props.subject)} />;
}

function Writing({ evidenceId, subject, before, isBusy, onSave, onClose, server }: CommentedProps & { server: Words | undefined }) {
  const draft = useDraft(evidenceId, subject, server, { choice: null, text: before });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = draft.text.trim();
    onSave(text, () => draft.recorded({ choice: null, text }));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Textarea
          data-autofocus
          autoFocus
          label={words.marking.comment}
          autosize
          minRows={2}
          maxRows={6}
          value={draft.text}
          onChange={(event) => draft.change({ text: event.currentTarget.value })}
        />
        <DraftState draft={draft} />
        <Group gap="xs" justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={isBusy}>
            {words.marking.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
