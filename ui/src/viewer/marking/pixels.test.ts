import { expect, test } from "vitest";
import { hex, stretched } from "./pixels";

test("a dull patch is spread from black to white, and its hues stay in order", () => {
  const dull = new Uint8ClampedArray([100, 110, 120, 255, 105, 100, 120, 255, 100, 110, 120, 255, 120, 100, 110, 255]);
  const { data } = stretched({ data: dull, side: 2 });
  expect([...data.slice(0, 4)]).toEqual([0, 128, 255, 255]);
  expect([...data.slice(4, 8)]).toEqual([64, 0, 255, 255]);
});

test("a flat patch does not divide by nothing, and what lies beyond the image stays clear", () => {
  const flat = new Uint8ClampedArray([7, 7, 7, 255, 7, 7, 7, 255, 7, 7, 7, 255, 0, 0, 0, 0]);
  const { data } = stretched({ data: flat, side: 2 });
  expect([...data]).toEqual([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 0]);
});

test("a colour as pages spell it", () => expect(hex([10, 128, 255])).toBe("#0a80ff"));
