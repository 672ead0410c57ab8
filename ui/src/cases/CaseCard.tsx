import { IconPhoto } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Case } from "@/api/types";
import { ago, when } from "@/format";
import { OutcomePill } from "@/shell/OutcomePill";
import { type Outcome, words } from "@/words";
import classes from "./cases.module.css";

const WORST_FIRST: readonly Outcome[] = ["inconsistent", "inconclusive", "consistent"];

/** A case on the dashboard: a few of its images, and what was found. */
export function CaseCard({ item }: { item: Case }) {
  return (
    <Link href={`/cases/${item.id}`} className={classes.card}>
      <Thumbnails paths={item.thumbnails} />
      <div className={classes.cardBody}>
        <h2 className={classes.cardTitle}>{item.title}</h2>
        <p className={classes.meta}>
          {item.evidence ? words.cases.images(item.evidence) : words.cases.empty}
          {" · "}
          <time dateTime={item.active_at} title={when(item.active_at)}>
            {words.cases.active(ago(item.active_at))}
          </time>
        </p>
        <Counts item={item} />
        {item.access !== "owner" && <p className={classes.meta}>{words.cases.ownedBy(item.owner)}</p>}
      </div>
    </Link>
  );
}

function Thumbnails({ paths }: { paths: readonly string[] }) {
  if (paths.length === 0)
    return (
      <div className={classes.noThumbnails}>
        <IconPhoto size={36} stroke={1.2} aria-hidden="true" />
      </div>
    );
  return (
    <div className={classes.thumbnails} data-count={Math.min(4, paths.length)}>
      {paths.slice(0, 4).map((path) => (
        <img key={path} src={path} alt="" loading="lazy" />
      ))}
    </div>
  );
}

function Counts({ item }: { item: Case }) {
  const busy = item.states.queued + item.states.running;
  const shown = WORST_FIRST.filter((outcome) => item.outcomes[outcome] > 0);
  if (shown.length === 0 && busy === 0 && item.states.failed === 0 && !item.closed && !item.hold) return null;
  return (
    <div className={classes.counts}>
      {shown.map((outcome) => (
        <OutcomePill key={outcome} outcome={outcome} label={words.cases.outcomes(outcome, item.outcomes[outcome])} />
      ))}
      {busy > 0 && <span className={classes.busy}>{words.cases.busy(busy)}</span>}
      {item.states.failed > 0 && <span className={classes.tag}>{words.cases.failed(item.states.failed)}</span>}
      {item.closed && <span className={classes.tag}>{words.cases.closed}</span>}
      {item.hold && <span className={classes.tag}>{words.deletion.held}</span>}
    </div>
  );
}
