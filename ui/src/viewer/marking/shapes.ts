import type { Point } from "../marks";
import type { Box, Size } from "../view";

/** What one holds in the hand on the stage; null of these where one only looks. */
export type Tool = "rectangle" | "outline" | "distance" | "area" | "loupe";
/** Tools that draw. */
export type Drawing = Exclude<Tool, "loupe">;

/** Corners that the server takes at most. */
const MOST = 500;

export function isDrawing(tool: Tool | null): tool is Drawing {
  return tool !== null && tool !== "loupe";
}

/** Whether two points are all that the tool takes. */
export function isPair(tool: Drawing): boolean {
  return tool === "rectangle" || tool === "distance";
}

/** The nearest corner of a pixel within the image. */
export function within({ x, y }: Point, { width, height }: Size): Point {
  const whole = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  return { x: whole(x, width), y: whole(y, height) };
}

/** What was drawn as the server takes it; null where it encloses nothing. */
export function shapeOf(tool: "rectangle" | "outline", points: readonly Point[]): number[][] | null {
  const { left, top, width, height } = boundsOf(points);
  if (width < 1 || height < 1) return null;
  if (tool === "rectangle") return [[left, top], [left + width, top + height]];
  const corners = thinned(points);
  return corners.length < 3 ? null : corners.map(({ x, y }) => [x, y]);
}

/** At most as many corners as the server takes, evenly chosen, none twice in a row. */
function thinned(points: readonly Point[]): Point[] {
  const distinct = points.filter((point, i) => i === 0 || !isSame(point, points[i - 1]));
  const step = Math.ceil(distinct.length / MOST);
  return distinct.filter((_, i) => i % step === 0);
}

export function isSame(one: Point, other: Point | undefined): boolean {
  return one.x === other?.x && one.y === other.y;
}

/** The smallest box around points. */
export function boundsOf(points: readonly Point[]): Box {
  const across = points.map(({ x }) => x);
  const down = points.map(({ y }) => y);
  const [left, top] = [Math.min(...across), Math.min(...down)];
  return { left, top, width: Math.max(...across) - left, height: Math.max(...down) - top };
}

/** The corners of what lies between the points: four of a rectangle, all of an outline. */
export function cornersOf(shape: "rectangle" | "outline", points: readonly (readonly number[])[]): Point[] {
  const all = points.map(([x = 0, y = 0]) => ({ x, y }));
  if (shape === "outline") return all;
  const { left, top, width, height } = boundsOf(all);
  return [
    { x: left, y: top },
    { x: left + width, y: top },
    { x: left + width, y: top + height },
    { x: left, y: top + height },
  ];
}

/** An SVG path through points, closed or open. */
export function pathOf(points: readonly Point[], isClosed: boolean): string {
  if (points.length === 0) return "";
  return `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}${isClosed ? "Z" : ""}`;
}

/** How long the way through the points is, in pixels. */
export function lengthOf(points: readonly Point[], isClosed = false): number {
  const way = isClosed ? [...points, ...points.slice(0, 1)] : points;
  return way.slice(1).reduce((sum, { x, y }, i) => sum + Math.hypot(x - (way[i]?.x ?? x), y - (way[i]?.y ?? y)), 0);
}

/** What a polygon that does not cross itself encloses, in square pixels: the shoelace formula. */
export function areaOf(points: readonly Point[]): number {
  const doubled = points.reduce((sum, { x, y }, i) => {
    const next = points[(i + 1) % points.length] ?? { x, y };
    return sum + x * next.y - next.x * y;
  }, 0);
  return Math.abs(doubled) / 2;
}
