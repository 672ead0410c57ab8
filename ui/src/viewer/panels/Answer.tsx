import { Button, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import type { Evidence, FindingView, ReportView } from "@/api/types";
import { probability } from "@/format";
import { OutcomePill } from "@/shell/OutcomePill";
import { language, words } from "@/words";
import type { Box } from "../view";
import card from "./answer.module.css";
import { Crop } from "./Crop";
import { Gauge } from "./Gauge";
import { Reasons } from "./Reasons";

export type Reason = ReportView["answer"]["reasons"][number];

interface AnswerProps {
  item: Evidence;
  view: FindingView;
  /** Show the map of a reason, where it has one, and the place that it speaks of. */
  onReason: (reason: Reason) => void;
  onChoose: (box: Box) => void;
}

/** What a person reads first: what, where, why, what next, and how sure that is. */
export function Answer({ item, view, onReason, onChoose }: AnswerProps) {
  const { answer, outcome, headline, gauge, where } = view.says;
  const label = (name: string) => answer.labels[name] ?? "";
  return (
    <section className={card.answer} data-outcome={outcome} aria-label={words.finding.answer}>
      <div lang="en">
        <h2>{label("what")}</h2>
        {answer.declared && <p className={card.word}>{answer.declared}</p>}
        <p className={card.word}>{answer.what}</p>
        {[answer.how, answer.because].map((said) => said && <p key={said}>{said}</p>)}
        <p className={card.formal}>
          <OutcomePill outcome={outcome} label={headline} quiet />
          {gauge.score !== null && (
            <span lang={language}>
              {words.finding.score} <strong>{probability(gauge.score)}</strong>
            </span>
          )}
        </p>
        <h2>{label("where")}</h2>
        <p>{answer.where}</p>
        {answer.outlined && item.rendition && where.parts.length > 0 && (
          <div className={card.crops}>
            {where.parts.slice(0, 3).map(({ text, region }) => (
              <Crop key={text} url={item.rendition ?? ""} size={view.finding} box={region} label={text} onChoose={onChoose} />
            ))}
          </div>
        )}
        <h2>{label("why")}</h2>
        {answer.reasons.length === 0 ? <p>{answer.why}</p> : <Reasons answer={answer} onReason={onReason} />}
        <h2>{label("next")}</h2>
        <ol className={card.next}>
          {answer.next.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
        {answer.request && <Request label={label("ask")} text={answer.request} />}
        <details className={card.fold}>
          <summary>{label("sure")}</summary>
          <Gauge says={view.says} />
          {answer.sure.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </details>
      </div>
    </section>
  );
}

function Request({ label, text }: { label: string; text: string }) {
  return (
    <details className={card.fold}>
      <summary>{label}</summary>
      <blockquote className={card.request}>{text}</blockquote>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            lang={language}
            size="compact-sm"
            variant="default"
            leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
            onClick={copy}
          >
            {copied ? words.copied : words.copy}
          </Button>
        )}
      </CopyButton>
    </details>
  );
}
