import { useHotkeys } from "@mantine/hooks";
import type OpenSeadragon from "openseadragon";
import { useCallback, useMemo, useState } from "react";
import { useLocation } from "wouter";
import { Refusal } from "@/api/client";
import type { Evidence, FindingView } from "@/api/types";
import { ImageMenu } from "@/cases/ImageMenu";
import { useCase } from "@/cases/queries";
import { MatchBanner } from "@/compare/MatchBanner";
import { useGoverns } from "@/deletion/useGoverns";
import { useLive } from "@/live/useLive";
import { mayMove } from "@/moving/mayMove";
import { Deleted, Failure, Loading, Missing } from "@/shell/states";
import { useAddress } from "@/shell/useAddress";
import { words } from "@/words";
import { Compare } from "./Compare";
import { boundsOf, cornersOf } from "./marking/shapes";
import type { Reason } from "./panels/Answer";
import { Pending } from "./Pending";
import { useEvidence, useFinding } from "./queries";
import { Side } from "./Side";
import { type Mode } from "./Toolbar";
import { TopBar } from "./TopBar";
import { useKeptView } from "./useKeptView";
import { around, type Box, readBox, type Size, showBox, writeBox } from "./view";
import classes from "./viewer.module.css";

/** One image: what it shows, what was found, what the examiner says. */
export default function ViewerPage({ id }: { id: string }) {
  const found = useEvidence(id);
  if (found.isPending) return <Loading />;
  if (found.error instanceof Refusal && found.error.status === 404) return <Missing />;
  if (found.error instanceof Refusal && found.error.status === 410) return <Deleted error={found.error} />;
  if (!found.data) return <Failure error={found.error as Error} retry={() => void found.refetch()} />;
  return <Found item={found.data} />;
}

function Found({ item }: { item: Evidence }) {
  const done = item.state === "done";
  const finding = useFinding(item.id, done);
  const owner = useCase(item.case_id);
  const mayWrite = owner.data !== undefined && owner.data.access !== "read" && !owner.data.closed;
  const governs = useGoverns(owner.data);
  const [, go] = useLocation();
  const queue = useLive(item.case_id);
  return (
    <div className={classes.page}>
      <TopBar item={item} reports={finding.data?.reports}>
        <ImageMenu
          item={item}
          size="lg"
          mayMove={mayMove(owner.data)}
          mayDelete={governs && !owner.data?.hold}
          onMoved={() => go(`/evidence/${item.id}`, { replace: true })}
          onDeleted={() => go(`/cases/${item.case_id}`, { replace: true })}
        />
      </TopBar>
      <MatchBanner item={item} />
      {!done && <Pending item={item} mayWrite={mayWrite} queue={queue} />}
      {done && finding.isPending && <Loading />}
      {finding.error && <Failure error={finding.error} retry={() => void finding.refetch()} />}
      {done && finding.data && <Examined item={item} view={finding.data} mayWrite={mayWrite} />}
    </div>
  );
}

/** What of the viewer stands in the address. */
const SHOWN: Record<"tab" | "mode" | "map" | "region" | "at", string> = {
  tab: "finding", mode: "overlay", map: "", region: "", at: "",
};
const NO_MAP = "none";
const TABS = Object.keys(words.finding.tabs);
const MODES = Object.keys(words.viewer.modes);

function Examined({ item, view, mayWrite }: { item: Evidence; view: FindingView; mayWrite: boolean }) {
  const [viewer, setViewer] = useState<OpenSeadragon.Viewer | null>(null);
  const [shown, show] = useAddress(SHOWN);
  const [picked, onPick] = useState<string | null>(null);
  const { width, height } = view.finding;
  const size = useMemo<Size>(() => ({ width, height }), [width, height]);
  const chosen = useMemo(() => readBox(shown.region), [shown.region]);
  const map = shown.map === NO_MAP ? null : (shown.map || view.maps[0]?.name) ?? null;
  useKeptView(viewer, size, shown.at, (at) => show({ at }));
  const choose = useCallback(
    (box: Box | null) => {
      show({ region: box ? writeBox(box) : "" });
      if (!viewer) return;
      if (box) showBox(viewer, size, box);
      else viewer.viewport.goHome();
    },
    [viewer, size, show],
  );
  const onMap = (name: string | null) => show({ map: name === view.maps[0]?.name ? "" : (name ?? NO_MAP) });
  const onReason = (reason: Reason) => {
    if (reason.layer) onMap(reason.layer);
    choose(placeOf(reason, view));
  };
  useHotkeys([
    ...TABS.map((tab, i): [string, () => void] => [String(i + 1), () => show({ tab })]),
    ...MODES.map((mode): [string, () => void] => [mode.charAt(0), () => show({ mode })]),
  ]);
  const stage = { item, view, size, viewer, chosen, map, onMap, mayWrite, picked, onPick };
  return (
    <div className={classes.split}>
      <Compare {...stage} mode={shown.mode as Mode} onMode={(mode) => show({ mode })} onViewer={setViewer} />
      <Side
        {...{ item, view, mayWrite, map, onMap, onReason }}
        tab={shown.tab}
        onTab={(tab) => show({ tab })}
        onChoose={choose}
        onAnnotation={({ id, shape, points }) => {
          onPick(id);
          choose(boundsOf(cornersOf(shape, points)));
        }}
      />
    </div>
  );
}

/** The place that a reason speaks of: both of a copied pair, else the most suspicious part. */
function placeOf({ layer }: Reason, { finding, says }: FindingView): Box | null {
  const [pair] = finding.copies;
  if (layer === "copy-move" && pair) return around(pair.source, pair.target);
  return says.where.parts[0]?.region ?? null;
}
