import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Annotation, Evidence, FindingView } from "@/api/types";
import { probability } from "@/format";
import { RegisterOriginal } from "@/originals/RegisterOriginal";
import { useSession } from "@/session/session";
import { OutcomePill } from "@/shell/OutcomePill";
import { Failure, Loading } from "@/shell/states";
import { words } from "@/words";
import { AnnotationList } from "../marking/AnnotationList";
import { useConclusions, useDrafts } from "../queries";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import { Conclude } from "./Conclude";
import sides from "./conclusion.module.css";
import { Examiner } from "./Examiner";
import { Notes } from "./Notes";

interface ConclusionPanelProps {
  item: Evidence;
  view: FindingView;
  mayWrite: boolean;
  onAnnotation: (one: Annotation) => void;
}

/** What the machine found, what every examiner concludes, and what is still being written. */
export function ConclusionPanel({ item, view, mayWrite, onAnnotation }: ConclusionPanelProps) {
  const name = useSession().data?.name;
  const said = useConclusions(item.id);
  const drafts = useDrafts(item.id, mayWrite);
  if (said.error) return <Failure error={said.error} retry={() => void said.refetch()} />;
  if (!said.data || drafts.isPending) return <Loading />;
  const { items, disagreement } = said.data;
  const { gauge } = view.says;
  const own = items.find(({ by }) => by === name);
  // Without an answer of the server the browser's own copy stands in.
  const draft = (subject: string) => drafts.data?.items.find((one) => one.subject === subject);
  return (
    <>
      <section className={sides.machine}>
        <h2>{words.conclusion.machine}</h2>
        <OutcomePill outcome={view.finding.outcome} />
        <span className={classes.soft}>
          {words.case.score} {gauge.score === null ? gauge.text : probability(gauge.score)}
        </span>
      </section>
      <Block title={words.conclusion.examiners}>
        {disagreement && (
          <Alert color="yellow" icon={<IconAlertTriangle size={18} />} my="xs">
            {words.conclusion.disagree}
          </Alert>
        )}
        {items.length === 0 && <p className={classes.soft}>{words.conclusion.none}</p>}
        {items.map((one) => (
          <Examiner
            key={one.id}
            evidenceId={item.id}
            said={one}
            isOwn={one === own}
            mayReview={mayWrite && one !== own}
            draft={draft(`review-${one.id}`)}
          />
        ))}
      </Block>
      {mayWrite && <Conclude evidenceId={item.id} own={own} draft={draft("conclusion")} />}
      <AnnotationList evidenceId={item.id} onPick={onAnnotation} />
      <Notes id={item.id} mayWrite={mayWrite} draft={draft("note")} />
      {mayWrite && <RegisterOriginal item={item} />}
    </>
  );
}
