import { ActionIcon, Loader, Progress, Tooltip } from "@mantine/core";
import { type Icon, IconAlertTriangle, IconCopy, IconFingerprint, IconGavel, IconNote, IconPhoto, IconPhotoX, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ConclusionBrief, Evidence } from "@/api/types";
import { bytes, list, percent, probability } from "@/format";
import { isBusy } from "@/live/useLive";
import { OutcomePill } from "@/shell/OutcomePill";
import { words } from "@/words";
import classes from "./evidence.module.css";
import { ImageMenu, type Powers } from "./ImageMenu";
import { useCancel, useRetry } from "./queries";

interface EvidenceCardProps extends Partial<Powers> {
  item: Evidence;
  mayWrite: boolean;
  /** What of the address the link takes along. */
  along?: string;
  /** Over the picture. */
  children?: ReactNode;
}

/** An image of a case: what it looks like, how far it is, what was found. */
export function EvidenceCard({ item, mayWrite, mayMove = false, mayDelete = false, along = "", children }: EvidenceCardProps) {
  return (
    <article className={classes.card}>
      <Link href={`/evidence/${item.id}${along}`} className={classes.picture} aria-label={words.case.open(item.name)}>
        <Picture item={item} />
      </Link>
      {children}
      <div className={classes.body}>
        <h2 className={classes.name} title={item.name}>
          {item.name}
        </h2>
        <p className={classes.meta}>
          {item.format} · {bytes(item.bytes)}
          {item.width && item.height ? ` · ${words.case.dimensions(item.width, item.height)}` : ""}
        </p>
        <div className={classes.fate}>
          <Fate item={item} />
          <div className={classes.actions}>
            {mayWrite && <Action item={item} />}
            <ImageMenu {...{ item, mayMove, mayDelete }} />
          </div>
        </div>
        {item.tags.length > 0 && (
          <ul className={classes.tags} aria-label={words.case.tags}>
            {item.tags.map((tag) => (
              <li key={tag}>{tag}</li>
            ))}
          </ul>
        )}
        <Remarks item={item} />
      </div>
    </article>
  );
}

function Picture({ item }: { item: Evidence }) {
  if (item.thumbnail) return <img src={item.thumbnail} alt="" loading="lazy" />;
  const Sign = item.state === "failed" ? IconPhotoX : IconPhoto;
  return <Sign size={40} stroke={1.2} aria-hidden="true" />;
}

function Fate({ item }: { item: Evidence }) {
  if (item.outcome)
    return (
      <>
        <OutcomePill outcome={item.outcome} />
        {item.score !== null && (
          <span className={classes.score}>
            {words.case.score} <strong>{probability(item.score)}</strong>
          </span>
        )}
      </>
    );
  if (isBusy(item))
    return (
      <div className={classes.progress}>
        <span className={classes.step}>
          {item.state === "running" && <Loader size={12} />}
          {words.states[item.state]}
          {item.state === "running" && <span className={classes.meta} lang="en"> · {item.step}</span>}
        </span>
        <Progress value={100 * item.progress} size="sm" aria-label={`${item.name}: ${words.percent(percent(item.progress))}`} />
      </div>
    );
  return (
    <div className={classes.stopped}>
      <strong>{words.states[item.state]}</strong>
      {item.error && <p lang="en">{item.error}</p>}
    </div>
  );
}

function Action({ item }: { item: Evidence }) {
  const cancel = useCancel(item.case_id);
  const retry = useRetry(item.case_id);
  if (item.state === "done") return null;
  const busy = isBusy(item);
  const label = busy ? words.case.cancel(item.name) : words.case.retry(item.name);
  return (
    <Tooltip label={busy ? words.cancel : words.case.examineAgain}>
      <ActionIcon
        variant="default"
        aria-label={label}
        loading={cancel.isPending || retry.isPending}
        onClick={() => (busy ? cancel : retry).mutate(item.id)}
      >
        {busy ? <IconPlayerStop size={16} /> : <IconRefresh size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}

interface Remark {
  icon: Icon;
  text: string;
  strong?: boolean;
}

function concluded({ by, outcome, signed_off }: ConclusionBrief): string {
  const reviewers = signed_off.length > 0 ? words.case.signedOff(list(signed_off)) : "";
  return words.case.concluded(by, words.outcomes[outcome]) + reviewers;
}

function Remarks({ item }: { item: Evidence }) {
  const { match, conclusions } = item;
  const said: (Remark | false | null)[] = [
    match && { icon: IconFingerprint, text: words.case.match(match.label, match.how) },
    item.duplicate && { icon: IconCopy, text: words.case.duplicate },
    item.near_duplicates > 0 && { icon: IconCopy, text: words.case.nearDuplicates(item.near_duplicates) },
    item.disagreement && { icon: IconAlertTriangle, text: words.case.disagreement, strong: true },
    ...conclusions.map((one) => ({ icon: IconGavel, text: concluded(one) })),
    item.notes > 0 && { icon: IconNote, text: words.case.notes(item.notes) },
  ];
  const remarks = said.filter((remark) => !!remark);
  if (remarks.length === 0) return null;
  return (
    <ul className={classes.remarks}>
      {remarks.map(({ icon: Sign, text, strong }) => (
        <li key={text} data-strong={strong}>
          <Sign size={15} aria-hidden="true" />
          {text}
        </li>
      ))}
    </ul>
  );
}
