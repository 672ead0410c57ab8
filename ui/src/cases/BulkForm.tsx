import { Button, Group, Modal, Radio, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Outcome, words } from "@/words";
import { CaseSelect } from "./CaseSelect";
import type { BulkAction } from "./selection";

/** Actions that need more than the images. */
export type Asked = "conclude" | "tag" | "untag" | "copy";

interface BulkFormProps {
  asked: Asked | null;
  caseId: string;
  count: number;
  busy: boolean;
  onAct: (action: BulkAction) => void;
  onClose: () => void;
}

/** Asks for what an action needs besides the images. */
export function BulkForm({ asked, onClose, count, ...more }: BulkFormProps) {
  return (
    <Modal
      opened={asked !== null}
      onClose={onClose}
      title={asked && `${words.bulk[asked]}: ${words.cases.images(count)}`}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {asked && <Fields asked={asked} onClose={onClose} {...more} />}
    </Modal>
  );
}

const OUTCOMES = Object.entries(words.outcomeWith) as [Outcome, string][];

function Fields({ asked, caseId, busy, onAct, onClose }: Omit<BulkFormProps, "count"> & { asked: Asked }) {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [text, setText] = useState("");
  const [target, setTarget] = useState<string | null>(null);
  const needed = { conclude: outcome, tag: text.trim(), untag: text.trim(), copy: target }[asked];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (asked === "conclude" && outcome) onAct({ action: asked, outcome, text: text.trim() });
    else if (asked === "copy" && target) onAct({ action: asked, case_id: target });
    else onAct({ action: asked, tag: text.trim() });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        {asked === "conclude" && (
          <>
            <Text size="sm">{words.bulk.concludeText}</Text>
            <Radio.Group aria-label={words.conclusion.outcome} value={outcome} onChange={(value) => setOutcome(value as Outcome)}>
              <Stack gap={6}>
                {OUTCOMES.map(([value, label]) => (
                  <Radio key={value} value={value} label={label} />
                ))}
              </Stack>
            </Radio.Group>
            <Textarea label={words.conclusion.reasons} autosize minRows={3} value={text} onChange={(event) => setText(event.currentTarget.value)} />
          </>
        )}
        {asked === "copy" && (
          <>
            <Text size="sm">{words.bulk.copyText}</Text>
            <CaseSelect except={caseId} value={target} onChange={setTarget} />
          </>
        )}
        {(asked === "tag" || asked === "untag") && (
          <TextInput label={words.bulk.tagName} required maxLength={40} data-autofocus value={text} onChange={(event) => setText(event.currentTarget.value)} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{words.close}</Button>
          <Button type="submit" loading={busy} disabled={!needed}>{words.bulk[asked]}</Button>
        </Group>
      </Stack>
    </form>
  );
}
