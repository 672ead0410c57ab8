/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A square part of a picture, as a canvas holds it. */
export interface Patch {
  data: Uint8ClampedArray<ArrayBuffer>;
  side: number;
}

/**
 * Spread what lies in a patch over the whole range from black to white, all colours alike, so that hues stay.
 *
 * A hundredth of the values at either end is cut, for single pixels would hold the range open.
 */
export function stretched({ data, side }: Patch): Patch {
  const values = data.filter((_, i) => i % 4 !== 3 && data[i - (i % 4) + 3] !== 0).sort();
  const low = values[Math.floor(values.length / 100)] ?? 0;
  const high = values[values.length - 1 - Math.floor(values.length / 100)] ?? 255;
  const range = Math.max(1, high - low);
  const spread = data.map((value, i) => (i % 4 === 3 ? value : (255 * (value - low)) / range));
  return { data: spread, side };
}

/** "#0a80ff". */
export function hex(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}
