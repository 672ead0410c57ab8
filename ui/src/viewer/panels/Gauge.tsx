import type { ReportView } from "@/api/types";
import { words } from "@/words";
import classes from "./gauge.module.css";

/** The outcome in words, and the score between its thresholds; without a score, why there is none. */
export function Gauge({ says }: { says: ReportView }) {
  const { outcome, headline, gauge } = says;
  return (
    <div className={classes.verdict} data-outcome={outcome}>
      <div className={classes.head}>
        <p className={classes.word}>{headline}</p>
        <p className={classes.score}>
          {words.finding.score} <strong>{gauge.text}</strong>
        </p>
      </div>
      {gauge.score !== null && (
        <>
          <div className={classes.bar} role="img" aria-label={words.finding.gauge(gauge.text)}>
            {gauge.thresholds?.map((mark) => (
              <span key={mark} className={classes.mark} style={{ left: `${100 * mark}%` }} />
            ))}
            <span className={classes.pin} style={{ left: `${100 * gauge.score}%` }} />
          </div>
          <div className={classes.ends}>
            <span>{gauge.low}</span>
            <span>{gauge.high}</span>
          </div>
        </>
      )}
      <p className={classes.note}>{gauge.note}</p>
    </div>
  );
}
