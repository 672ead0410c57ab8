import { ActionIcon, Group, Tooltip } from "@mantine/core";
import { useDocumentTitle, useHotkeys } from "@mantine/hooks";
import { IconAlertTriangle, IconArrowLeft, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import type { Evidence } from "@/api/types";
import { SIEVE, takeAlong } from "@/cases/sieve";
import { ComparePicker } from "@/compare/ComparePicker";
import { list, probability } from "@/format";
import { OutcomePill } from "@/shell/OutcomePill";
import { useAddress } from "@/shell/useAddress";
import { words } from "@/words";
import { ReportMenu } from "./ReportMenu";
import { useNeighbours } from "./queries";
import classes from "./viewer.module.css";

/** The list from which one came. */
const LIST = { ...SIEVE, page: "1" };

interface TopBarProps {
  item: Evidence;
  reports: Record<string, string> | undefined;
  /** What else can be done with the image. */
  children?: ReactNode;
}

/** The way back, the name, the outcome, the neighbours, the report. */
export function TopBar({ item, reports, children }: TopBarProps) {
  useDocumentTitle(`${item.name} · ${words.brand}`);
  const [{ page, ...sieve }] = useAddress(LIST);
  const beside = useNeighbours(item.id, item.case_id, sieve);
  const [, navigate] = useLocation();
  const go = (id: string | null | undefined) => id && navigate(`/evidence/${id}${takeAlong(sieve, page)}`);
  useHotkeys([
    ["[", () => go(beside?.previous)],
    ["]", () => go(beside?.next)],
  ]);
  return (
    <div className={classes.bar}>
      <Tooltip label={words.toCase}>
        <ActionIcon component={Link} href={`/cases/${item.case_id}${takeAlong(sieve, page)}`} variant="default" size="lg" aria-label={words.toCase}>
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <h1 className={classes.name} title={item.name}>
        {item.name}
      </h1>
      {item.outcome && item.score !== null && (
        <span className={classes.outcome}>
          <OutcomePill outcome={item.outcome} />
          <span>
            {words.case.score} <strong>{probability(item.score)}</strong>
          </span>
        </span>
      )}
      <Examiners item={item} />
      <Group gap={6} wrap="nowrap">
        {beside?.position && beside.total && (
          <span className={classes.position}>{words.viewer.position(beside.position, beside.total)}</span>
        )}
        <Beside id={beside?.previous} along={takeAlong(sieve, page)} label={words.viewer.previous} icon={IconChevronLeft} />
        <Beside id={beside?.next} along={takeAlong(sieve, page)} label={words.viewer.next} icon={IconChevronRight} />
        {item.rendition && <ComparePicker item={item} />}
        {reports && <ReportMenu item={item} reports={reports} />}
        {children}
      </Group>
    </div>
  );
}

/** What the examiners conclude: the outcome on which they agree, or that they do not. */
function Examiners({ item: { conclusions, disagreement } }: { item: Evidence }) {
  const [first] = conclusions;
  if (!first) return null;
  if (disagreement)
    return (
      <span className={classes.disagree}>
        <IconAlertTriangle size={16} aria-hidden="true" /> {words.case.disagreement}
      </span>
    );
  const names = list(conclusions.map(({ by }) => by));
  return <OutcomePill outcome={first.outcome} label={words.case.concluded(names, words.outcomes[first.outcome])} />;
}

interface BesideProps {
  id: string | null | undefined;
  along: string;
  label: string;
  icon: typeof IconChevronLeft;
}

function Beside({ id, along, label, icon: Sign }: BesideProps) {
  if (!id)
    return (
      <ActionIcon variant="default" size="lg" aria-label={label} disabled>
        <Sign size={18} />
      </ActionIcon>
    );
  return (
    <Tooltip label={label}>
      <ActionIcon component={Link} href={`/evidence/${id}${along}`} variant="default" size="lg" aria-label={label}>
        <Sign size={18} />
      </ActionIcon>
    </Tooltip>
  );
}
