import { expect, test } from "vitest";
import { arrowHead, middle, onStage, toPath } from "./marks";

test("polygons become one closed path each", () => {
  expect(toPath([[[0, 0], [4, 0], [4, 3]], [[9, 9], [10, 9], [10, 10]]])).toBe("M0 0L4 0L4 3ZM9 9L10 9L10 10Z");
  expect(toPath([])).toBe("");
});

test("a point of the image is scaled, then moved", () => {
  expect(onStage({ x: 10, y: 20 }, { scale: 2, x: 5, y: -1 })).toEqual({ x: 25, y: 39 });
});

test("the middle of a box", () => {
  expect(middle({ left: 10, top: 20, width: 4, height: 6 })).toEqual({ x: 12, y: 23 });
});

test("an arrow's head ends where the arrow ends and opens backwards", () => {
  const [tip, ...wings] = arrowHead({ x: 0, y: 0 }, { x: 100, y: 0 }, 10).split(" ");
  expect(tip).toBe("100.0,0.0");
  for (const wing of wings) expect(Number(wing.split(",")[0])).toBeCloseTo(91, 0);
});
