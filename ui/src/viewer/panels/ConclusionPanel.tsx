import { Button, Radio, Stack, Textarea } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Evidence, FindingView } from "@/api/types";
import { when } from "@/format";
import { RegisterOriginal } from "@/originals/RegisterOriginal";
import { OutcomePill } from "@/shell/OutcomePill";
import { type Outcome, words } from "@/words";
import { useConclude } from "../queries";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import sides from "./conclusion.module.css";
import { Notes } from "./Notes";

interface ConclusionPanelProps {
  item: Evidence;
  view: FindingView;
  mayWrite: boolean;
}

/** What the machine found and what the examiner concludes, beside each other. */
export function ConclusionPanel({ item, view, mayWrite }: ConclusionPanelProps) {
  const { conclusion } = item;
  return (
    <>
      <div className={sides.sides}>
        <section>
          <h2>{words.conclusion.machine}</h2>
          <OutcomePill outcome={view.finding.outcome} />
          <p className={classes.soft}>
            {words.case.score} {view.says.gauge.text}
          </p>
        </section>
        <section>
          <h2>{words.conclusion.examiner}</h2>
          {conclusion ? (
            <>
              <OutcomePill outcome={conclusion.outcome} />
              <p className={sides.text}>{conclusion.text}</p>
              <p className={classes.soft}>{words.conclusion.by(conclusion.by, when(conclusion.at))}</p>
            </>
          ) : (
            <p className={classes.soft}>{words.conclusion.none}</p>
          )}
        </section>
      </div>
      {mayWrite && <Conclude item={item} />}
      <Notes id={item.id} mayWrite={mayWrite} />
      {mayWrite && <RegisterOriginal item={item} />}
    </>
  );
}

const CHOICES = Object.entries(words.outcomeWith) as [Outcome, string][];

function Conclude({ item }: { item: Evidence }) {
  const [outcome, setOutcome] = useState<Outcome | null>(item.conclusion?.outcome ?? null);
  const [text, setText] = useState(item.conclusion?.text ?? "");
  const conclude = useConclude(item.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (outcome) conclude.mutate({ outcome, text: text.trim() });
  };
  return (
    <Block title={words.conclusion.outcome}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Radio.Group
            aria-label={words.conclusion.outcome}
            value={outcome}
            onChange={(value) => setOutcome(value as Outcome)}
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
            rows={4}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <Button type="submit" loading={conclude.isPending} disabled={!outcome}>
            {words.conclusion.save}
          </Button>
          <p className={classes.soft}>{words.conclusion.kept}</p>
        </Stack>
      </form>
    </Block>
  );
}
