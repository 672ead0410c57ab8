import type OpenSeadragon from "openseadragon";
import { useMemo, useState } from "react";
import type { Evidence, FindingView } from "@/api/types";
import { words } from "@/words";
import { Divider } from "./Divider";
import { Marks } from "./Marks";
import { useAnnotations } from "./marking/annotations";
import { Marking } from "./marking/Marking";
import { Regions } from "./marking/Regions";
import { Sketchpad } from "./marking/Sketchpad";
import { useSketch } from "./marking/useSketch";
import { Stage } from "./Stage";
import stageClasses from "./stage.module.css";
import { type Point, ThreePoint } from "./ThreePoint";
import { type Looks, type Mode, Toolbar } from "./Toolbar";
import type { Layer } from "./useLayers";
import { useView } from "./useViewer";
import type { Box, Size, View } from "./view";
import classes from "./viewer.module.css";
import { Zoomers } from "./Zoomers";

interface CompareProps {
  item: Evidence;
  view: FindingView;
  size: Size;
  viewer: OpenSeadragon.Viewer | null;
  chosen: Box | null;
  mode: Mode;
  onMode: (mode: Mode) => void;
  map: string | null;
  onMap: (map: string | null) => void;
  onViewer: (viewer: OpenSeadragon.Viewer | null) => void;
  mayWrite: boolean;
  /** The annotation whose comment is shown. */
  picked: string | null;
  onPick: (id: string | null) => void;
}

const ERROR_LEVELS = "ela";

/** The photograph and its maps: one over the other, split, or three side by side. */
export function Compare({ item, view, size, viewer, chosen, mode, onMode, map, onMap, onViewer, ...marked }: CompareProps) {
  const sketching = useSketch();
  const annotations = useAnnotations(item.id);
  const { picked, onPick } = marked;
  const [looks, setLooks] = useState<Looks>({ opacity: 0.8, outline: true, copies: true });
  const [divider, setDivider] = useState(0.5);
  const photograph = useMemo<Layer>(() => ({ key: "photograph", url: item.rendition ?? "", opacity: 1 }), [item.rendition]);
  const layers = useMemo<Layer[]>(() => {
    const found = view.maps.find(({ name }) => name === map);
    if (!found) return [photograph];
    if (mode === "split") return [photograph, { key: found.name, url: found.url, opacity: 1, from: divider }];
    return [photograph, { key: `veil ${found.name}`, url: veil(found.url), opacity: looks.opacity }];
  }, [view.maps, map, photograph, mode, looks, divider]);
  const points = useMemo(() => threePoints(view, photograph), [view, photograph]);
  const marks = (at: View) => (
    <Marks
      view={at}
      outline={looks.outline && view.says.answer.outlined ? view.outline : []}
      copies={looks.copies ? view.finding.copies : []}
      chosen={chosen}
    />
  );

  return (
    <section className={classes.compare} aria-label={words.viewer.photograph}>
      <Toolbar {...{ view, looks, mode, onMode, map, onMap }} onLooks={setLooks} />
      <div className={classes.stageBox}>
        {mode === "three" ? (
          <ThreePoint size={size} points={points} onLeader={onViewer} marks={marks} />
        ) : (
          <Stage size={size} layers={layers} label={words.viewer.stage(item.name)} onViewer={onViewer}>
            {(at) => (
              <>
                {marks(at)}
                <Regions {...{ annotations, view: at, picked, onPick }} />
                <Sketchpad {...{ viewer, size, view: at, sketching }} />
                {mode === "split" && map && <Divider at={divider} onMove={setDivider} />}
              </>
            )}
          </Stage>
        )}
        {mode !== "three" && <Marking {...{ item, size, viewer, sketching, ...marked }} />}
        <Zoomers viewer={viewer} size={size} />
        <Reading viewer={viewer} size={size} />
        {map && mode !== "three" && <Legend title={view.maps.find(({ name }) => name === map)?.title ?? ""} />}
      </div>
      {mode === "three" && <p className={classes.agreement} lang="en">{view.says.where.three_points}</p>}
    </section>
  );
}

/** The map as a veil: clear where its value is low. */
function veil(url: string): string {
  return `${url}?look=veil`;
}

/** Photograph, error levels, and the mask's map over the photograph. */
function threePoints(view: FindingView, photograph: Layer): Point[] {
  const levels = view.maps.find(({ name }) => name === ERROR_LEVELS);
  const mask = view.maps.find(({ name }) => name !== ERROR_LEVELS);
  const points: Point[] = [{ key: "photograph", caption: words.viewer.photograph, layers: [photograph] }];
  if (levels) points.push({ key: "levels", caption: levels.title, layers: [{ key: "levels", url: levels.url, opacity: 1 }] });
  if (mask) {
    const over: Layer = { key: "mask", url: veil(mask.url), opacity: 0.9 };
    points.push({ key: "mask", caption: mask.title, layers: [photograph, over], marked: true });
  }
  return points;
}

/** What the colours of the map mean. */
function Legend({ title }: { title: string }) {
  return (
    <div className={stageClasses.legend}>
      <span lang="en">{title}</span>
      <span aria-hidden="true">{words.viewer.scaleLow}</span>
      <span className={stageClasses.scale} role="img" aria-label={words.viewer.scale} />
      <span aria-hidden="true">{words.viewer.scaleHigh}</span>
    </div>
  );
}

/** How far it is zoomed, in percent of one image pixel to one screen pixel. */
function Reading({ viewer, size }: { viewer: OpenSeadragon.Viewer | null; size: Size }) {
  const at = useView(viewer, size);
  if (!at) return null;
  const percent = 100 * at.scale;
  return <div className={stageClasses.reading} data-testid="zoom">{words.percent(percent, percent < 10 ? 1 : 0)}</div>;
}
