import { expect, test } from "vitest";
import { rowsWithin } from "./useWindow";

test("of ten thousand rows only those in sight and a few around are drawn", () => {
  expect(rowsWithin(0, 560, 10_000, 56)).toEqual({ from: 0, to: 18 });
  expect(rowsWithin(56_000, 560, 10_000, 56)).toEqual({ from: 992, to: 1018 });
  expect(rowsWithin(559_440, 560, 10_000, 56)).toEqual({ from: 9982, to: 10_000 });
  expect(rowsWithin(0, 0, 0, 56)).toEqual({ from: 0, to: 0 });
});
