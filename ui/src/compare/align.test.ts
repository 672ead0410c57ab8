import { expect, test } from "vitest";
import { align, bySize, type Gray, resampled } from "./align";

/** Smooth hills with an edge here and there, the same for the same seed. */
function scene(width: number, height: number, seed: number): Gray {
  const values = new Float32Array(width * height);
  const wave = (i: number) => 12.9898 * (seed + i) + Math.sin(seed * 78.233 + i);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      let value = 128;
      for (let i = 1; i < 9; i += 1) value += 18 * Math.sin((x * Math.cos(wave(i)) + y * Math.sin(wave(i))) / (4 + 3 * i) + wave(i * 7));
      values[y * width + x] = value + ((Math.floor(x / 37 + seed) + Math.floor(y / 29)) % 2) * 20;
    }
  }
  return { width, height, values };
}

function cut({ width, values }: Gray, left: number, top: number, wide: number, high: number): Gray {
  const part = new Float32Array(wide * high);
  for (let y = 0; y < high; y += 1) {
    for (let x = 0; x < wide; x += 1) part[y * wide + x] = values[(y + top) * width + x + left] ?? 0;
  }
  return { width: wide, height: high, values: part };
}

const WHOLE = scene(600, 400, 3);

test("a part of a picture is found where it was cut out, to half a pixel", () => {
  const { scale, left, top, correlation } = align(WHOLE, cut(WHOLE, 130, 60, 360, 260));
  expect(scale).toBeCloseTo(1, 2);
  expect(Math.abs(left - 130)).toBeLessThan(0.6);
  expect(Math.abs(top - 60)).toBeLessThan(0.6);
  expect(correlation).toBeGreaterThan(0.98);
});

test("a part that was made smaller too is found at its size", () => {
  const part = resampled(cut(WHOLE, 90, 40, 420, 300), 280, 200);
  const { scale, left, top } = align(WHOLE, part);
  expect(Math.abs(scale * 280 - 420)).toBeLessThan(2);
  expect(Math.abs(left - 90)).toBeLessThan(1.5);
  expect(Math.abs(top - 40)).toBeLessThan(1.5);
});

test("the other way round the whole lies beyond the part", () => {
  const { scale, left, top } = align(cut(WHOLE, 130, 60, 360, 260), WHOLE);
  expect(scale).toBeCloseTo(1, 2);
  expect(Math.abs(left + 130)).toBeLessThan(1);
  expect(Math.abs(top + 60)).toBeLessThan(1);
});

test("the same picture in another size lies whole on the whole", () => {
  const { scale, left, top } = align(WHOLE, resampled(WHOLE, 300, 200));
  expect(Math.abs(scale * 300 - 600)).toBeLessThan(1);
  expect(Math.hypot(left, top)).toBeLessThan(1);
});

test("a picture of something else does not correlate", () => {
  expect(align(WHOLE, scene(600, 400, 11)).correlation).toBeLessThan(0.8);
});

test("by size alone a picture is as large as fits, in the middle", () => {
  expect(bySize({ width: 600, height: 400 }, { width: 100, height: 100 })).toEqual({ scale: 4, left: 100, top: 0, correlation: 0 });
});
