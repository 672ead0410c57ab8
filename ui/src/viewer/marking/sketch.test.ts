import { expect, test } from "vitest";
import { areaOf, boundsOf, cornersOf, lengthOf, pathOf, shapeOf, within } from "./shapes";
import { end, NOTHING, set, trail, undo } from "./sketch";

const at = (x: number, y: number) => ({ x, y });
const SQUARE = [at(0, 0), at(10, 0), at(10, 10), at(0, 10)];

test("distance, way and area are those of geometry", () => {
  expect(lengthOf([at(0, 0), at(3, 4)])).toBe(5);
  expect(lengthOf(SQUARE, true)).toBe(40);
  expect(areaOf(SQUARE)).toBe(100);
  expect(areaOf([...SQUARE].reverse())).toBe(100);
  expect(areaOf([at(0, 0), at(4, 0), at(0, 3)])).toBe(6);
});

test("a rectangle is done with its second corner, and is handed in from top left to bottom right", () => {
  const first = set("rectangle", NOTHING, at(40, 60));
  expect(first.isDone).toBe(false);
  expect(set("rectangle", first, at(40, 60)).isDone).toBe(false);
  const { points, isDone } = set("rectangle", first, at(10, 20));
  expect(isDone).toBe(true);
  expect(shapeOf("rectangle", points)).toEqual([[10, 20], [40, 60]]);
  expect(shapeOf("rectangle", [at(4, 4), at(4, 9)])).toBeNull();
});

test("an outline is done on its first point, on its last once more, or when it is let go", () => {
  const three = SQUARE.slice(0, 3).reduce((sketch, point) => set("outline", sketch, point), NOTHING);
  expect(set("outline", three, at(1, 1), 2).isDone).toBe(true);
  expect(set("outline", three, at(10, 10)).isDone).toBe(true);
  expect(set("outline", three, at(5, 5))).toEqual({ points: [...SQUARE.slice(0, 3), at(5, 5)], isDone: false });
  expect(end(undo(three)).isDone).toBe(false);
  expect(end(three).isDone).toBe(true);
});

test("a free outline keeps no more points than there are steps, and no more than the server takes", () => {
  const far = trail(trail(NOTHING, at(0, 0), 4), at(1, 1), 4);
  expect(far.points).toHaveLength(1);
  const circle = Array.from({ length: 2000 }, (_, i) => at(Math.round(900 * Math.cos(i / 318)) + 900, Math.round(900 * Math.sin(i / 318)) + 900));
  const shape = shapeOf("outline", circle) ?? [];
  expect(shape.length).toBeGreaterThan(300);
  expect(shape.length).toBeLessThanOrEqual(500);
});

test("points stay on the image, and what was stored is drawn as it was", () => {
  expect(within(at(-3, 99.6), { width: 80, height: 60 })).toEqual(at(0, 60));
  expect(pathOf(cornersOf("rectangle", [[1, 2], [3, 5]]), true)).toBe("M1 2L3 2L3 5L1 5Z");
  expect(boundsOf(cornersOf("outline", [[1, 2], [3, 5], [0, 4]]))).toEqual({ left: 0, top: 2, width: 3, height: 3 });
});
