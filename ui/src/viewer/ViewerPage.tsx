import type OpenSeadragon from "openseadragon";
import { useCallback, useMemo, useState } from "react";
import { Refusal } from "@/api/client";
import type { Evidence, FindingView } from "@/api/types";
import { useCase } from "@/cases/queries";
import { isBusy, useProgress } from "@/cases/useProgress";
import { Failure, Loading, Missing } from "@/shell/states";
import { Compare } from "./Compare";
import { Pending } from "./Pending";
import { useEvidence, useFinding } from "./queries";
import { Side } from "./Side";
import { TopBar } from "./TopBar";
import { type Box, type Size, showBox } from "./view";
import classes from "./viewer.module.css";

/** One image: what it shows, what was found, what the examiner says. */
export default function ViewerPage({ id }: { id: string }) {
  const found = useEvidence(id);
  if (found.isPending) return <Loading />;
  if (found.error instanceof Refusal && found.error.status === 404) return <Missing />;
  if (!found.data) return <Failure error={found.error as Error} retry={() => void found.refetch()} />;
  return <Found item={found.data} />;
}

function Found({ item }: { item: Evidence }) {
  const done = item.state === "done";
  const finding = useFinding(item.id, done);
  const owner = useCase(item.case_id);
  const mayWrite = owner.data !== undefined && owner.data.access !== "read" && !owner.data.closed;
  useProgress(item.case_id, isBusy(item));
  return (
    <div className={classes.page}>
      <TopBar item={item} reports={finding.data?.reports} />
      {!done && <Pending item={item} mayWrite={mayWrite} />}
      {done && finding.isPending && <Loading />}
      {finding.error && <Failure error={finding.error} retry={() => void finding.refetch()} />}
      {done && finding.data && <Examined item={item} view={finding.data} mayWrite={mayWrite} />}
    </div>
  );
}

function Examined({ item, view, mayWrite }: { item: Evidence; view: FindingView; mayWrite: boolean }) {
  const [viewer, setViewer] = useState<OpenSeadragon.Viewer | null>(null);
  const [chosen, setChosen] = useState<Box | null>(null);
  const [map, setMap] = useState<string | null>(view.maps[0]?.name ?? null);
  const { width, height } = view.finding;
  const size = useMemo<Size>(() => ({ width, height }), [width, height]);
  const choose = useCallback(
    (box: Box) => {
      setChosen(box);
      if (viewer) showBox(viewer, size, box);
    },
    [viewer, size],
  );
  return (
    <div className={classes.split}>
      <Compare {...{ item, view, size, viewer, chosen, map }} onMap={setMap} onViewer={setViewer} />
      <Side {...{ item, view, mayWrite, map }} onMap={setMap} onChoose={choose} />
    </div>
  );
}
