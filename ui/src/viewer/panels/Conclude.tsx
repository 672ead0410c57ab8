import { Alert, Button, Radio, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { StandingConclusion } from "@/api/types";
import { DraftState } from "@/drafts/DraftState";
import type { Words } from "@/drafts/drafts";
import { useDraft } from "@/drafts/useDraft";
import { type Outcome, words } from "@/words";
import { useConclude } from "../queries";
import classes from "../viewer.module.css";
import { Block } from "./Block";

interface ConcludeProps {
  evidenceId: string;
  /** One's own conclusion that stands. */
  own: StandingConclusion | undefined;
  /** What the server keeps of one that is being written. */
  draft: Words | undefined;
}

const CHOICES = Object.entries(words.outcomeWith) as [Outcome, string][];

function recordedWords(own: StandingConclusion | undefined): Words {
  return own ? { choice: own.outcome, text: own.text } : { choice: null, text: "" };
}

/** One's own conclusion. What was recorded elsewhere since it was read is shown before it can be replaced. */
export function Conclude({ evidenceId, own, draft: server }: ConcludeProps) {
  const [seen, setSeen] = useState(own?.id);
  const draft = useDraft(evidenceId, "conclusion", server, recordedWords(own));
  const conclude = useConclude(evidenceId);
  const isOutdated = seen !== own?.id && !conclude.isPending;
  if (isOutdated && own && draft.keeping === "none") {
    setSeen(own.id);
    draft.recorded(recordedWords(own));
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = { outcome: draft.choice as Outcome, text: draft.text.trim() };
    conclude.mutate(
      { said, seen },
      {
        onSuccess: (made) => {
          setSeen(made?.id);
          draft.recorded({ choice: said.outcome, text: said.text });
        },
      },
    );
  };
  return (
    <Block title={words.conclusion.outcome}>
      {isOutdated && (
        <Alert color="yellow" title={words.conclusion.changedTitle} my="sm">
          <p>{words.conclusion.changed}</p>
          <Button size="compact-sm" variant="default" onClick={() => setSeen(own?.id)}>
            {words.conclusion.seen}
          </Button>
        </Alert>
      )}
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Radio.Group
            aria-label={words.conclusion.outcome}
            value={draft.choice}
            onChange={(choice) => draft.change({ choice })}
          >
            <Stack gap={6} mt={4}>
              {CHOICES.map(([value, label]) => (
                <Radio key={value} value={value} label={label} />
              ))}
            </Stack>
          </Radio.Group>
          <Textarea
            label={words.conclusion.reasons}
            description={words.conclusion.reasonsHint}
            minRows={4}
            autosize
            value={draft.text}
            onChange={(event) => draft.change({ text: event.currentTarget.value })}
          />
          <DraftState draft={draft} />
          <Button type="submit" loading={conclude.isPending} disabled={!draft.choice || isOutdated}>
            {words.conclusion.save}
          </Button>
          <p className={classes.soft}>{words.conclusion.kept}</p>
        </Stack>
      </form>
    </Block>
  );
}
