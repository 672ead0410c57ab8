import { Button, Progress } from "@mantine/core";
import { IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useMemo } from "react";
import type { Evidence } from "@/api/types";
import { useCancel, useRetry } from "@/cases/queries";
import { percent } from "@/format";
import { QueueLine } from "@/live/QueueLine";
import { isBusy, type Queue } from "@/live/useLive";
import { Panel } from "@/theme/Panel";
import { words } from "@/words";
import { useFirstMap } from "./queries";
import { Stage } from "./Stage";
import type { Size } from "./view";
import classes from "./viewer.module.css";

/** An image that is not examined: how far it is, or why it ended. */
export function Pending({ item, mayWrite, queue }: { item: Evidence; mayWrite: boolean; queue: Queue | null }) {
  const { width, height, rendition } = item;
  const size = useMemo<Size | null>(() => (width && height ? { width, height } : null), [width, height]);
  const map = useFirstMap(item);
  const layers = useMemo(
    () => [
      ...(rendition ? [{ key: "photograph", url: rendition, opacity: 1 }] : []),
      ...(map ? [{ key: "map", url: map, opacity: 0.6 }] : []),
    ],
    [rendition, map],
  );
  return (
    <div className={classes.pending}>
      {size && rendition && (
        <div className={classes.stageBox}>
          <Stage
            size={size}
            layers={layers}
            label={words.viewer.stage(item.name)}
            caption={map ? words.viewer.firstMap : words.viewer.photograph}
          />
        </div>
      )}
      <Panel className={classes.pendingPanel ?? ""}>
        {isBusy(item) ? <Going item={item} mayWrite={mayWrite} queue={queue} /> : <Ended item={item} mayWrite={mayWrite} />}
      </Panel>
    </div>
  );
}

function Going({ item, mayWrite, queue }: { item: Evidence; mayWrite: boolean; queue: Queue | null }) {
  const cancel = useCancel(item.case_id);
  return (
    <>
      <h2>{words.states[item.state]}</h2>
      {item.state === "running" && <p role="status" lang="en">{item.step}</p>}
      <Progress value={100 * item.progress} aria-label={words.percent(percent(item.progress))} />
      <p className={classes.soft}>{words.viewer.waiting}</p>
      <QueueLine queue={queue} />
      {mayWrite && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate(item.id)}
        >
          {words.cancel}
        </Button>
      )}
    </>
  );
}

function Ended({ item, mayWrite }: { item: Evidence; mayWrite: boolean }) {
  const retry = useRetry(item.case_id);
  const title = item.state === "failed" ? words.viewer.failedTitle : words.viewer.cancelledTitle;
  return (
    <>
      <h2>{title}</h2>
      {item.error && <p role="alert" lang="en">{item.error}</p>}
      {!item.rendition && <p className={classes.soft}>{words.viewer.noPicture}</p>}
      {mayWrite && (
        <Button leftSection={<IconRefresh size={16} />} loading={retry.isPending} onClick={() => retry.mutate(item.id)}>
          {words.case.examineAgain}
        </Button>
      )}
    </>
  );
}
