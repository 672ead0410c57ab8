import type OpenSeadragon from "openseadragon";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { words } from "@/words";
import { onStage, type Point } from "../marks";
import type { Size, View } from "../view";
import classes from "./marking.module.css";
import { areaOf, boundsOf, cornersOf, type Drawing, isDrawing, isPair, lengthOf, pathOf, type Tool, within } from "./shapes";
import { set, type Sketch, undo } from "./sketch";
import { usePointer } from "./usePointer";
import type { Sketching } from "./useSketch";

interface SketchpadProps {
  viewer: OpenSeadragon.Viewer | null;
  size: Size;
  view: View;
  sketching: Sketching;
}

// Screen pixels that a key moves the cross; with Shift one pixel of the image.
const STEP = 12;
const WAYS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
};

/** What is being drawn over the picture, by pointer or by keys. */
export function Sketchpad({ viewer, size, view, sketching }: SketchpadProps) {
  const pad = useRef<HTMLDivElement>(null);
  usePointer(pad, viewer, size, view, sketching);
  const { tool, cursor } = sketching;
  useEffect(() => {
    if (tool) pad.current?.focus({ preventScroll: true });
  }, [tool]);
  if (!tool) return <div ref={pad} className={classes.pad} hidden />;
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !onKey(event, { viewer, size, view, sketching })) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={pad} className={classes.pad} role="application" tabIndex={0} aria-label={words.marking.pad[tool]} onKeyDown={press}>
      <span className={classes.told} aria-live="polite">
        {told(sketching)}
      </span>
      <svg aria-hidden="true">
        <Drawn sketching={sketching} view={view} />
        {cursor && <Cross at={onStage(cursor, view)} />}
      </svg>
    </div>
  );
}

/** Move the cross, set a point, take one back, end. */
function onKey(event: KeyboardEvent, given: SketchpadProps): boolean {
  return onWay(event, given) || onPoint(event.key, given) || onAnyTool(event.key, given);
}

function onWay({ key, shiftKey }: KeyboardEvent, { viewer, size, view, sketching }: SketchpadProps): boolean {
  const way = WAYS[key];
  if (!way) return false;
  const step = shiftKey ? 1 : Math.max(1, Math.round(STEP / view.scale));
  const from = sketching.cursor ?? middleOf(viewer, view, size);
  sketching.move(within({ x: from.x + step * way[0], y: from.y + step * way[1] }, size));
  return true;
}

function onPoint(key: string, { viewer, size, view, sketching }: SketchpadProps): boolean {
  const { tool, cursor, draw } = sketching;
  if (!isDrawing(tool)) return false;
  if (key === "Backspace") draw(undo);
  else if (key === "Enter" || key === " ") draw((was) => set(tool, was, within(cursor ?? middleOf(viewer, view, size), size)));
  else return false;
  return true;
}

function onAnyTool(key: string, { viewer, sketching: { sketch, clear, take } }: SketchpadProps): boolean {
  if (key === "+" || key === "-") viewer?.viewport.zoomBy(key === "+" ? 1.4 : 1 / 1.4);
  else if (key !== "Escape") return false;
  else if (sketch.points.length > 0) clear();
  else take(null);
  return true;
}

function middleOf(viewer: OpenSeadragon.Viewer | null, view: View, size: Size): Point {
  const { clientWidth = 0, clientHeight = 0 } = viewer?.container ?? {};
  return within({ x: (clientWidth / 2 - view.x) / view.scale, y: (clientHeight / 2 - view.y) / view.scale }, size);
}

/** Where the cross is, and what was measured, for those who cannot see it. */
function told({ tool, sketch, cursor }: Sketching): string {
  const place = cursor ? words.marking.place(cursor.x, cursor.y) : "";
  const count = sketch.points.length > 0 ? words.marking.points(sketch.points.length) : "";
  return [place, count, sketch.isDone ? measured(tool, sketch, null) : ""].filter(Boolean).join(". ");
}

/** "123.4 px" or "5,120 px²", up to the pointer while one draws; nothing of what is not measured. */
export function measured(tool: Tool | null, sketch: Sketch, cursor: Point | null): string {
  const points = upTo(sketch, cursor);
  if (points.length < 2) return "";
  if (tool === "area") return words.marking.area(areaOf(points), lengthOf(points, true));
  const [one, other] = points;
  if (tool !== "distance" || !one || !other) return "";
  const { width, height } = boundsOf([one, other]);
  return words.marking.distance(lengthOf([one, other]), width, height);
}

/** What is drawn, and where it would go on. */
function upTo({ points, isDone }: Sketch, cursor: Point | null): readonly Point[] {
  return isDone || !cursor || points.length === 0 ? points : [...points, cursor];
}

function Drawn({ sketching: { tool, sketch, cursor }, view }: { sketching: Sketching; view: View }) {
  const points = upTo(sketch, cursor);
  if (!isDrawing(tool) || points.length === 0) return null;
  const path = drawnPath(tool, points, sketch.isDone);
  const ends = isPair(tool) ? points.slice(0, 2) : points.slice(0, 1);
  return (
    <>
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        <path d={path} className={classes.halo} />
        <path d={path} className={classes.drawn} data-measure={tool === "distance" || tool === "area" || undefined} />
      </g>
      {ends.map((point, i) => {
        const { x, y } = onStage(point, view);
        return <circle key={i} cx={x} cy={y} r={4} />;
      })}
    </>
  );
}

function drawnPath(tool: Drawing, points: readonly Point[], isDone: boolean): string {
  if (tool === "rectangle") return pathOf(cornersOf("rectangle", points.slice(0, 2).map(({ x, y }) => [x, y])), true);
  return pathOf(points, isDone && !isPair(tool));
}

function Cross({ at: { x, y } }: { at: Point }) {
  return <path className={classes.cross} d={`M${x - 11} ${y}H${x - 3}M${x + 3} ${y}H${x + 11}M${x} ${y - 11}V${y - 3}M${x} ${y + 3}V${y + 11}`} />;
}
