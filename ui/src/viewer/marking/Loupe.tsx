import { Switch } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { words } from "@/words";
import type { Point } from "../marks";
import classes from "./marking.module.css";
import { stretched } from "./pixels";
import type { Pixels } from "./usePixels";

// Pixels of the image from edge to edge; odd, so that one is in the middle.
const SIDE = 25;

/** The pixels around the pointer, much enlarged, as they are or with their contrast stretched. */
export function Loupe({ pixels, at }: { pixels: Pixels | null; at: Point | null }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isStretched, setStretched] = useState(false);
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context || !pixels || !at) return;
    const patch = pixels.around(at, SIDE);
    const { data } = isStretched ? stretched(patch) : patch;
    context.putImageData(new ImageData(data, SIDE, SIDE), 0, 0);
  }, [pixels, at, isStretched]);
  return (
    <div className={classes.loupe}>
      <div className={classes.lens}>
        <canvas ref={canvas} width={SIDE} height={SIDE} role="img" aria-label={words.marking.loupe} />
        <span aria-hidden="true" />
      </div>
      <Switch
        size="xs"
        label={words.marking.stretch}
        checked={isStretched}
        onChange={(event) => setStretched(event.currentTarget.checked)}
      />
    </div>
  );
}
