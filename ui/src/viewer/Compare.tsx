import type OpenSeadragon from "openseadragon";
import { useMemo, useState } from "react";
import type { Evidence, FindingView } from "@/api/types";
import { words } from "@/words";
import { Divider } from "./Divider";
import { Marks } from "./Marks";
import { Stage } from "./Stage";
import stageClasses from "./stage.module.css";
import { type Point, ThreePoint } from "./ThreePoint";
import { type Looks, Toolbar } from "./Toolbar";
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
  map: string | null;
  onMap: (map: string | null) => void;
  onViewer: (viewer: OpenSeadragon.Viewer | null) => void;
}

const ERROR_LEVELS = "ela";

/** The photograph and its maps: one over the other, split, or three side by side. */
export function Compare({ item, view, size, viewer, chosen, map, onMap, onViewer }: CompareProps) {
  const [looks, setLooks] = useState<Looks>({ mode: "overlay", opacity: 0.55, outline: true, copies: true });
  const [divider, setDivider] = useState(0.5);
  const photograph = useMemo<Layer>(() => ({ key: "photograph", url: item.rendition ?? "", opacity: 1 }), [item.rendition]);
  const layers = useMemo<Layer[]>(() => {
    const found = view.maps.find(({ name }) => name === map);
    if (!found) return [photograph];
    const split = looks.mode === "split";
    return [
      photograph,
      { key: found.name, url: found.url, opacity: split ? 1 : looks.opacity, from: split ? divider : undefined },
    ];
  }, [view.maps, map, photograph, looks, divider]);
  const points = useMemo(() => threePoints(view, photograph), [view, photograph]);
  const marks = (at: View) => (
    <Marks
      view={at}
      outline={looks.outline ? view.outline : []}
      copies={looks.copies ? view.finding.copies : []}
      chosen={chosen}
    />
  );

  return (
    <section className={classes.compare} aria-label={words.viewer.photograph}>
      <Toolbar view={view} looks={looks} map={map} onLooks={setLooks} onMap={onMap} />
      <div className={classes.stageBox}>
        {looks.mode === "three" ? (
          <ThreePoint size={size} points={points} onLeader={onViewer} marks={marks} />
        ) : (
          <Stage size={size} layers={layers} label={words.viewer.stage(item.name)} onViewer={onViewer}>
            {(at) => (
              <>
                {marks(at)}
                {looks.mode === "split" && map && <Divider at={divider} onMove={setDivider} />}
              </>
            )}
          </Stage>
        )}
        <Zoomers viewer={viewer} size={size} />
        <Reading viewer={viewer} size={size} />
      </div>
      {looks.mode === "three" && <p className={classes.agreement}>{view.says.where.three_points}</p>}
    </section>
  );
}

/** Photograph, error levels, and the mask's map over the photograph. */
function threePoints(view: FindingView, photograph: Layer): Point[] {
  const levels = view.maps.find(({ name }) => name === ERROR_LEVELS);
  const mask = view.maps.find(({ name }) => name !== ERROR_LEVELS);
  const points: Point[] = [{ key: "photograph", caption: words.viewer.photograph, layers: [photograph] }];
  if (levels) points.push({ key: "levels", caption: levels.title, layers: [{ key: "levels", url: levels.url, opacity: 1 }] });
  if (mask) {
    const over: Layer = { key: "mask", url: mask.url, opacity: 0.7 };
    points.push({ key: "mask", caption: mask.title, layers: [photograph, over], marked: true });
  }
  return points;
}

/** How far it is zoomed, in percent of one image pixel to one screen pixel. */
function Reading({ viewer, size }: { viewer: OpenSeadragon.Viewer | null; size: Size }) {
  const at = useView(viewer, size);
  if (!at) return null;
  const percent = 100 * at.scale;
  return <div className={stageClasses.reading} data-testid="zoom">{words.viewer.zoom(percent.toFixed(percent < 10 ? 1 : 0))}</div>;
}
