import { useEffect, useState } from "react";
import type { Box, Size } from "@/viewer/view";
import { type Alignment, bySize, type Gray } from "./align";

/** A picture and its size in pixels. */
export interface Shown extends Size {
  url: string;
}

/** Where the other picture lies, in pixels of the first, and whether that was found or only follows from the sizes. */
export interface Placed {
  box: Box;
  isFound: boolean;
  correlation: number;
}

/** Below this correlation of the gray levels what was found is not taken for the same scene. */
const SAME_SCENE = 0.85;
// Longest side of what is compared.
const SIDE = 640;

/** Lay the second picture on the first; null until that is done. */
export function useAlignment(one: Shown | null, other: Shown | null): Placed | null {
  const [placed, setPlaced] = useState<Placed | null>(null);
  useEffect(() => {
    if (!one || !other) return;
    const going = new AbortController();
    aligned(one, other, going.signal).then(
      (found) => !going.signal.aborted && setPlaced(placeOf(one, other, found)),
      () => !going.signal.aborted && setPlaced(placeOf(one, other, null)),
    );
    return () => {
      going.abort();
      setPlaced(null);
    };
  }, [one, other]);
  return placed;
}

/** What was found where it is good enough, else what the sizes say. */
export function placeOf(one: Size, other: Size, found: Alignment | null): Placed {
  const isFound = found !== null && found.correlation >= SAME_SCENE;
  const { scale, left, top } = isFound ? found : bySize(one, other);
  const box = { left, top, width: scale * other.width, height: scale * other.height };
  return { box, isFound, correlation: found?.correlation ?? 0 };
}

async function aligned(one: Shown, other: Shown, signal: AbortSignal): Promise<Alignment> {
  const [here, there] = await Promise.all([gray(one, signal), gray(other, signal)]);
  const worker = new Worker(new URL("./aligner.ts", import.meta.url), { type: "module" });
  signal.addEventListener("abort", () => worker.terminate());
  const found = await new Promise<Alignment>((done, failed) => {
    worker.onmessage = ({ data }: MessageEvent<Alignment>) => done(data);
    worker.onerror = failed;
    worker.postMessage({ one: here, other: there });
  });
  worker.terminate();
  return unreduced(found, one.width / here.width, other.width / there.width);
}

/** What was found of reduced pictures, in full pixels. */
function unreduced({ scale, left, top, correlation }: Alignment, one: number, other: number): Alignment {
  return { scale: (scale * one) / other, left: left * one, top: top * one, correlation };
}

/** Gray levels of a picture, reduced. */
async function gray({ url, width, height }: Shown, signal: AbortSignal): Promise<Gray> {
  const answer = await fetch(url, { signal });
  const ratio = Math.min(1, SIDE / Math.max(width, height));
  const size = { resizeWidth: Math.round(width * ratio), resizeHeight: Math.round(height * ratio) };
  const picture = await createImageBitmap(await answer.blob(), { ...size, resizeQuality: "high" });
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.drawImage(picture, 0, 0);
  picture.close();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  const values = new Float32Array(canvas.width * canvas.height);
  for (let i = 0; i < values.length; i += 1) {
    values[i] = 0.299 * (data[4 * i] ?? 0) + 0.587 * (data[4 * i + 1] ?? 0) + 0.114 * (data[4 * i + 2] ?? 0);
  }
  return { width: canvas.width, height: canvas.height, values };
}
