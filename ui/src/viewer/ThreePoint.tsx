import type OpenSeadragon from "openseadragon";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import type { Layer } from "./useLayers";
import classes from "./stage.module.css";
import { Stage } from "./Stage";
import { lockStep, type Size, type View } from "./view";

/** One of the pictures laid side by side. */
export interface Point {
  key: string;
  caption: string;
  layers: readonly Layer[];
  /** Whether the marks are drawn over it. */
  marked?: boolean;
}

interface ThreePointProps {
  size: Size;
  points: readonly Point[];
  onLeader: (viewer: OpenSeadragon.Viewer | null) => void;
  marks: (view: View) => ReactNode;
}

/** Photograph, error levels and mask side by side, moved as one. */
export function ThreePoint({ size, points, onLeader, marks }: ThreePointProps) {
  const [viewers, setViewers] = useState<Record<string, OpenSeadragon.Viewer | null>>({});
  const keep = useCallback(
    (key: string, viewer: OpenSeadragon.Viewer | null) => setViewers((was) => ({ ...was, [key]: viewer })),
    [],
  );
  const leader = viewers[points[0]?.key ?? ""] ?? null;

  useEffect(() => onLeader(leader), [leader, onLeader]);
  useEffect(() => {
    const present = points.map(({ key }) => viewers[key]).filter((viewer) => !!viewer);
    return present.length > 1 ? lockStep(present) : undefined;
  }, [points, viewers]);

  return (
    <div className={classes.row} data-shape={shapeOf(size)}>
      {points.map((point) => (
        <Held key={point.key} {...{ point, size, keep, marks }} />
      ))}
    </div>
  );
}

/** What decides whether the three lie beside or below each other. */
function shapeOf({ width, height }: Size): "panorama" | "landscape" | "portrait" {
  if (width > 2.2 * height) return "panorama";
  return width > height ? "landscape" : "portrait";
}

interface HeldProps {
  point: Point;
  size: Size;
  keep: (key: string, viewer: OpenSeadragon.Viewer | null) => void;
  marks: (view: View) => ReactNode;
}

function Held({ point, size, keep, marks }: HeldProps) {
  const { key } = point;
  const onViewer = useCallback((viewer: OpenSeadragon.Viewer | null) => keep(key, viewer), [key, keep]);
  return (
    <Stage size={size} layers={point.layers} label={point.caption} caption={point.caption} onViewer={onViewer}>
      {(view) => point.marked && marks(view)}
    </Stage>
  );
}
