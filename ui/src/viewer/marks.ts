import type { Box, View } from "./view";

/** A point in pixels of the image or of the screen. */
export interface Point {
  x: number;
  y: number;
}

/** Closed polygons of [x, y] in pixels of the image, as one SVG path. */
export function toPath(polygons: readonly (readonly (readonly number[])[])[]): string {
  return polygons.map((points) => `M${points.map(([x, y]) => `${x} ${y}`).join("L")}Z`).join("");
}

/** Where a point of the image lies on the stage. */
export function onStage(point: Point, view: View): Point {
  return { x: point.x * view.scale + view.x, y: point.y * view.scale + view.y };
}

/** The middle of a box. */
export function middle(box: Box): Point {
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/** An arrow's head as SVG points, at the end of a line between two points of the stage. */
export function arrowHead(start: Point, end: Point, length = 12): string {
  const angle = Math.atan2(end.y - start.y, end.x - start.x);
  const wing = (turn: number) =>
    `${(end.x - length * Math.cos(angle + turn)).toFixed(1)},${(end.y - length * Math.sin(angle + turn)).toFixed(1)}`;
  return `${end.x.toFixed(1)},${end.y.toFixed(1)} ${wing(0.45)} ${wing(-0.45)}`;
}
