import type { Point } from "../marks";
import { type Drawing, isPair, isSame } from "./shapes";

/** What is being drawn. */
export interface Sketch {
  points: readonly Point[];
  isDone: boolean;
}

export const NOTHING: Sketch = { points: [], isDone: false };

/** Set a point. A shape of many ends where a point is set on its first or once more on its last, `near` pixels off. */
export function set(tool: Drawing, { points, isDone }: Sketch, point: Point, near = 0): Sketch {
  if (isDone) return { points: [point], isDone: false };
  if (isPair(tool)) {
    const [first] = points;
    if (!first) return { points: [point], isDone: false };
    return isSame(first, point) ? { points, isDone } : { points: [first, point], isDone: true };
  }
  const ends = [points[0], points.at(-1)];
  const closes = points.length >= 3 && ends.some((end) => end && Math.hypot(end.x - point.x, end.y - point.y) <= near);
  if (closes) return { points, isDone: true };
  return isSame(point, points.at(-1)) ? { points, isDone } : { points: [...points, point], isDone: false };
}

/** Draw on with the pointer held down: a further point once it is `step` pixels off. */
export function trail({ points, isDone }: Sketch, point: Point, step: number): Sketch {
  const last = points.at(-1);
  if (last && Math.hypot(point.x - last.x, point.y - last.y) < step) return { points, isDone };
  return { points: [...points, point], isDone };
}

/** End a shape of many points, where there are enough. */
export function end({ points }: Sketch): Sketch {
  return { points, isDone: points.length >= 3 };
}

/** Take the last point back. */
export function undo({ points }: Sketch): Sketch {
  return { points: points.slice(0, -1), isDone: false };
}
