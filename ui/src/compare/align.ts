/** Gray levels of a picture, row after row. */
export interface Gray {
  width: number;
  height: number;
  values: Float32Array;
}

/** Where a picture lies on another: a point of it is `scale` × itself + (left, top) there, in pixels. */
export interface Alignment {
  scale: number;
  left: number;
  top: number;
  /** Normalised cross-correlation of the gray levels where both lie, -1 to 1. */
  correlation: number;
}

// Longest sides of the pictures, from the search of everything to the last refinement.
const COARSE = 48;
const FINER = [120, 300, 640] as const;
// Sizes that are tried, from a third to three times as large as what fits; neighbours are found by refinement.
const SIZES = Array.from({ length: 45 }, (_, i) => 3 ** ((i - 22) / 22));
// Part of the smaller picture that must lie on the other; with less anything fits something.
const OVERLAP = 0.5;
// How much better another place must be than the whole on the whole.
const PREFERENCE = 0.02;
// Points at which two pictures are compared at most.
const SAMPLES = 30_000;

/**
 * Find size and place at which a picture correlates best with another, or with a part of it, or it with a part of the
 * first; it may be shifted and resized, not turned.
 *
 * Reference: J. P. Lewis, "Fast normalized cross-correlation" (1995), for the measure; the search is exhaustive on tiny
 * pictures and then a pattern search on larger ones.
 */
export function align(one: Gray, other: Gray): Alignment {
  let found = coarse(one, other);
  for (const side of FINER) found = refined(one, other, found, side);
  return found;
}

/** The whole on the whole: as wide or as high as fits, and in the middle. */
export function bySize(one: { width: number; height: number }, other: { width: number; height: number }): Alignment {
  const scale = Math.min(one.width / other.width, one.height / other.height);
  return { scale, left: (one.width - scale * other.width) / 2, top: (one.height - scale * other.height) / 2, correlation: 0 };
}

function coarse(one: Gray, other: Gray): Alignment {
  const small = reduced(one, COARSE);
  const unit = one.width / small.width;
  const whole = bySize(one, other);
  let best = { ...whole, correlation: correlationAt(small, reduced(other, COARSE * 3), whole, unit) + PREFERENCE };
  for (const size of SIZES) {
    const scale = whole.scale * size;
    const tiny = resampled(other, (other.width * scale) / unit, (other.height * scale) / unit);
    for (const { x, y, correlation } of places(small, tiny)) {
      if (correlation > best.correlation) best = { scale, left: x * unit, top: y * unit, correlation };
    }
  }
  return best;
}

/** Correlations at all whole shifts where enough of the smaller picture lies on the other. */
function* places(one: Gray, other: Gray) {
  const least = OVERLAP * Math.min(one.width * one.height, other.width * other.height);
  for (let y = 1 - other.height; y < one.height; y += 1) {
    const rows = Math.min(one.height, y + other.height) - Math.max(0, y);
    for (let x = 1 - other.width; x < one.width; x += 1) {
      const columns = Math.min(one.width, x + other.width) - Math.max(0, x);
      if (rows * columns >= least) yield { x, y, correlation: shifted(one, other, x, y) };
    }
  }
}

function shifted(one: Gray, other: Gray, x: number, y: number): number {
  const sums = new Sums();
  const [right, bottom] = [Math.min(one.width, x + other.width), Math.min(one.height, y + other.height)];
  for (let row = Math.max(0, y); row < bottom; row += 1) {
    for (let column = Math.max(0, x); column < right; column += 1) {
      sums.add(one.values[row * one.width + column] ?? 0, other.values[(row - y) * other.width + column - x] ?? 0);
    }
  }
  return sums.correlation;
}

/** Move and resize by ever smaller steps, down to a tenth of a pixel, as long as the correlation grows. */
function refined(one: Gray, other: Gray, found: Alignment, side: number): Alignment {
  const here = reduced(one, side);
  const unit = one.width / here.width;
  const there = reduced(other, Math.ceil((side * Math.max(other.width, other.height) * found.scale) / Math.max(one.width, one.height)));
  let best = { ...found, correlation: correlationAt(here, there, found, unit) };
  for (let step = 2; step >= 0.1; step /= 2) {
    for (let moved = true, turns = 0; moved && turns < 8; turns += 1) {
      moved = false;
      for (const change of changes(best, other, step * unit)) {
        const correlation = correlationAt(here, there, change, unit);
        if (correlation <= best.correlation) continue;
        best = { ...change, correlation };
        moved = true;
      }
    }
  }
  return best;
}

/** A step to each side, and a little larger and smaller about the middle. */
function changes({ scale, left, top, correlation }: Alignment, other: Gray, step: number): Alignment[] {
  const grown = (2 * step) / Math.max(other.width, other.height);
  const resize = (by: number) => ({
    scale: scale + by, left: left - (by * other.width) / 2, top: top - (by * other.height) / 2, correlation,
  });
  return [
    { scale, left: left - step, top, correlation },
    { scale, left: left + step, top, correlation },
    { scale, left, top: top - step, correlation },
    { scale, left, top: top + step, correlation },
    resize(grown),
    resize(-grown),
  ];
}

/** Correlation of `one`, reduced by `unit`, with `other`, reduced by any, placed so in full pixels. */
function correlationAt(one: Gray, other: Gray & { from?: number }, at: Alignment, unit: number): number {
  const reach = other.from ?? 1;
  const ratio = unit / (at.scale * reach);
  const stride = Math.max(1, Math.round(Math.sqrt((one.width * one.height) / SAMPLES)));
  const sums = new Sums();
  for (let y = 0; y < one.height; y += stride) {
    for (let x = 0; x < one.width; x += stride) {
      const value = bilinear(other, (x + 0.5) * ratio - at.left / (at.scale * reach) - 0.5, (y + 0.5) * ratio - at.top / (at.scale * reach) - 0.5);
      if (value !== null) sums.add(one.values[y * one.width + x] ?? 0, value);
    }
  }
  const least = Math.min(one.width * one.height, (other.width * reach * other.height * reach * at.scale ** 2) / unit ** 2);
  return sums.count * stride ** 2 < OVERLAP * 0.9 * least ? -1 : sums.correlation;
}

function bilinear({ width, height, values }: Gray, x: number, y: number): number | null {
  if (x < 0 || y < 0 || x > width - 1 || y > height - 1) return null;
  const [left, top] = [Math.min(width - 2, Math.floor(x)), Math.min(height - 2, Math.floor(y))];
  const [across, down] = [x - left, y - top];
  const at = top * width + left;
  const upper = (values[at] ?? 0) * (1 - across) + (values[at + 1] ?? 0) * across;
  const lower = (values[at + width] ?? 0) * (1 - across) + (values[at + width + 1] ?? 0) * across;
  return upper * (1 - down) + lower * down;
}

/** The picture with this longest side, never enlarged; `from` is how many of its former pixels one of it holds. */
function reduced(gray: Gray, side: number): Gray & { from: number } {
  const ratio = Math.min(1, side / Math.max(gray.width, gray.height));
  return { ...resampled(gray, gray.width * ratio, gray.height * ratio), from: 1 / ratio };
}

/** The mean of what lies below each new pixel; nearest pixels where it is enlarged. */
export function resampled({ width, height, values }: Gray, wide: number, high: number): Gray {
  const [columns, rows] = [Math.max(2, Math.round(wide)), Math.max(2, Math.round(high))];
  const made = new Float32Array(columns * rows);
  for (let y = 0; y < rows; y += 1) {
    const [top, bottom] = span(y, rows, height);
    for (let x = 0; x < columns; x += 1) {
      const [left, right] = span(x, columns, width);
      let sum = 0;
      for (let row = top; row < bottom; row += 1) {
        for (let column = left; column < right; column += 1) sum += values[row * width + column] ?? 0;
      }
      made[y * columns + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return { width: columns, height: rows, values: made };
}

function span(place: number, count: number, length: number): [number, number] {
  const from = Math.min(length - 1, Math.floor((place * length) / count));
  return [from, Math.max(from + 1, Math.floor(((place + 1) * length) / count))];
}

/** Running sums of pairs, and their correlation. */
class Sums {
  count = 0;
  private a = 0;
  private b = 0;
  private aa = 0;
  private bb = 0;
  private ab = 0;

  add(a: number, b: number): void {
    this.count += 1;
    this.a += a;
    this.b += b;
    this.aa += a * a;
    this.bb += b * b;
    this.ab += a * b;
  }

  get correlation(): number {
    const { count, a, b, aa, bb, ab } = this;
    const energy = (aa - (a * a) / count) * (bb - (b * b) / count);
    return energy > 1e-6 ? (ab - (a * b) / count) / Math.sqrt(energy) : 0;
  }
}
