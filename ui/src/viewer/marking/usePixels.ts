import { useEffect, useState } from "react";
import type { Point } from "../marks";
import type { Size } from "../view";
import type { Colour, Patch } from "./pixels";

/** The pixels of a picture as the browser decodes it. */
export interface Pixels {
  at: (point: Point) => Colour | null;
  /** The square of so many pixels around a point; clear beyond the picture. */
  around: (point: Point, side: number) => Patch;
}

// More than this a phone's browser may refuse; then places are told without colours.
const MOST = 60_000_000;

/** Read a picture's pixels once they are wanted; null until they are there, or where they are too many. */
export function usePixels(url: string | null | undefined, size: Size, isWanted: boolean): Pixels | null {
  const [pixels, setPixels] = useState<Pixels | null>(null);
  useEffect(() => {
    if (!url || !isWanted || size.width * size.height > MOST) return;
    const going = new AbortController();
    read(url, size, going.signal).then(setPixels, () => undefined);
    return () => {
      going.abort();
      setPixels(null);
    };
  }, [url, size, isWanted]);
  return pixels;
}

async function read(url: string, { width, height }: Size, signal: AbortSignal): Promise<Pixels> {
  const answer = await fetch(url, { signal });
  const picture = await createImageBitmap(await answer.blob());
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.drawImage(picture, 0, 0, width, height);
  picture.close();
  return {
    at: ({ x, y }) => {
      if (x < 0 || y < 0 || x >= width || y >= height) return null;
      const [red = 0, green = 0, blue = 0] = context.getImageData(Math.floor(x), Math.floor(y), 1, 1).data;
      return [red, green, blue];
    },
    around: ({ x, y }, side) => {
      const [left, top] = [Math.floor(x) - (side - 1) / 2, Math.floor(y) - (side - 1) / 2];
      return { data: context.getImageData(left, top, side, side).data as Patch["data"], side };
    },
  };
}
