import { Button, Group, SegmentedControl, Stack, Textarea } from "@mantine/core";
import type { FormEvent } from "react";
import type { ReviewIn, StandingConclusion } from "@/api/types";
import { DraftState } from "@/drafts/DraftState";
import type { Words } from "@/drafts/drafts";
import { useDraft } from "@/drafts/useDraft";
import { words } from "@/words";
import { useReview } from "../queries";

type Verdict = ReviewIn["verdict"];

interface ReviewFormProps {
  evidenceId: string;
  said: StandingConclusion;
  draft: Words | undefined;
  onClose: () => void;
}

const VERDICTS = Object.entries(words.conclusion.verdicts).map(([value, label]) => ({ value, label }));
const NOTHING: Words = { choice: "agree", text: "" };

/** Agree, disagree with a reason, or sign off. */
export function ReviewForm({ evidenceId, said, draft: server, onClose }: ReviewFormProps) {
  const draft = useDraft(evidenceId, `review-${said.id}`, server, NOTHING);
  const review = useReview(evidenceId, said.id);
  const verdict = (draft.choice ?? "agree") as Verdict;
  const text = draft.text.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    review.mutate(
      { verdict, text },
      {
        onSuccess: () => {
          draft.recorded(NOTHING);
          onClose();
        },
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="xs" mt="sm">
        <SegmentedControl
          aria-label={words.conclusion.reviewOf(said.by)}
          data={VERDICTS}
          value={verdict}
          onChange={(choice) => draft.change({ choice })}
        />
        <Textarea
          label={words.conclusion.reviewReason}
          description={words.conclusion.reviewHint}
          required={verdict === "disagree"}
          autosize
          minRows={2}
          value={draft.text}
          onChange={(event) => draft.change({ text: event.currentTarget.value })}
        />
        <DraftState draft={draft} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {words.close}
          </Button>
          <Button type="submit" loading={review.isPending} disabled={verdict === "disagree" && !text}>
            {words.conclusion.saveReview}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
