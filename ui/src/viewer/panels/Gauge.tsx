import { probability } from "@/format";
import { type Outcome, words } from "@/words";
import classes from "./gauge.module.css";

interface GaugeProps {
  outcome: Outcome;
  headline: string;
  score: number;
  thresholds: readonly number[] | null;
}

/** The outcome in words, and the score between its thresholds. */
export function Gauge({ outcome, headline, score, thresholds }: GaugeProps) {
  const [low, high] = thresholds ?? [];
  return (
    <div className={classes.verdict} data-outcome={outcome}>
      <div className={classes.head}>
        <p className={classes.word}>{headline}</p>
        <p className={classes.score}>
          {words.finding.score} <strong>{probability(score)}</strong>
        </p>
      </div>
      <div className={classes.bar} role="img" aria-label={words.finding.gauge(probability(score))}>
        {thresholds?.map((mark) => <span key={mark} className={classes.mark} style={{ left: `${100 * mark}%` }} />)}
        <span className={classes.pin} style={{ left: `${100 * score}%` }} />
      </div>
      <div className={classes.ends}>
        <span>{words.finding.low}</span>
        <span>{words.finding.high}</span>
      </div>
      {low !== undefined && high !== undefined && (
        <p className={classes.note}>{words.finding.thresholds(probability(low), probability(high))}</p>
      )}
    </div>
  );
}
