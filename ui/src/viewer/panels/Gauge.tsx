import type { ReportView } from "@/api/types";
import { probability } from "@/format";
import { language, words } from "@/words";
import classes from "./gauge.module.css";

/** The score between its thresholds; without a score, why there is none. */
export function Gauge({ says: { gauge } }: { says: ReportView }) {
  return (
    <div className={classes.gauge}>
      {gauge.score !== null && (
        <>
          <div className={classes.bar} role="img" lang={language} aria-label={words.finding.gauge(probability(gauge.score))}>
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
