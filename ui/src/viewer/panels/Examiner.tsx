import { Button } from "@mantine/core";
import { IconCheck, IconRosetteDiscountCheck, IconX } from "@tabler/icons-react";
import { useState } from "react";
import type { Review, StandingConclusion } from "@/api/types";
import type { Words } from "@/drafts/drafts";
import { when } from "@/format";
import { OutcomePill } from "@/shell/OutcomePill";
import { words } from "@/words";
import classes from "../viewer.module.css";
import sides from "./conclusion.module.css";
import { ReviewForm } from "./ReviewForm";

interface ExaminerProps {
  evidenceId: string;
  said: StandingConclusion;
  isOwn: boolean;
  mayReview: boolean;
  /** What the server keeps of a review that is being written. */
  draft: Words | undefined;
}

/** What one examiner concludes, what others say of it, and what it was before. */
export function Examiner({ evidenceId, said, isOwn, mayReview, draft }: ExaminerProps) {
  const [reviewing, setReviewing] = useState(draft !== undefined);
  return (
    <article className={sides.examiner}>
      <header>
        <h3>{isOwn ? words.conclusion.you(said.by) : said.by}</h3>
        <OutcomePill outcome={said.outcome} />
      </header>
      {said.text && <p className={sides.text}>{said.text}</p>}
      <p className={classes.soft}>
        <time dateTime={said.at}>{when(said.at)}</time>
      </p>
      {said.reviews.length > 0 && (
        <ul className={sides.reviews}>
          {said.reviews.map((review) => (
            <Reviewed key={review.by} review={review} />
          ))}
        </ul>
      )}
      {said.earlier.length > 0 && (
        <details className={sides.earlier}>
          <summary>{words.conclusion.earlier(said.earlier.length)}</summary>
          {said.earlier.map((one) => (
            <div key={one.id} className={sides.note}>
              <OutcomePill outcome={one.outcome} quiet /> <span className={classes.soft}>{when(one.at)}</span>
              {one.text && <p className={sides.text}>{one.text}</p>}
            </div>
          ))}
        </details>
      )}
      {mayReview && !reviewing && (
        <Button size="compact-sm" variant="default" mt="xs" onClick={() => setReviewing(true)}>
          {words.conclusion.review}
        </Button>
      )}
      {mayReview && reviewing && (
        <ReviewForm evidenceId={evidenceId} said={said} draft={draft} onClose={() => setReviewing(false)} />
      )}
    </article>
  );
}

const SIGNS = { agree: IconCheck, disagree: IconX, "sign-off": IconRosetteDiscountCheck };

function Reviewed({ review: { by, verdict, text, at } }: { review: Review }) {
  const Sign = SIGNS[verdict];
  return (
    <li data-verdict={verdict}>
      <Sign size={16} aria-hidden="true" />
      <span>
        <strong>
          {by} {words.conclusion.reviewed[verdict]}
        </strong>
        {text && <span className={sides.text}>: {text}</span>} <time className={classes.soft} dateTime={at}>{when(at)}</time>
      </span>
    </li>
  );
}
