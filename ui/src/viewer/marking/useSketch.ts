import { useCallback, useState } from "react";
import type { Point } from "../marks";
import { type Drawing, isDrawing, type Tool } from "./shapes";
import { NOTHING, type Sketch } from "./sketch";

export interface Sketching {
  tool: Tool | null;
  sketch: Sketch;
  /** Where the pointer or the cross of the keys is, in pixels of the image. */
  cursor: Point | null;
  /** Take a tool into the hand, or lay it down; what was drawn with the one before goes. */
  take: (tool: Tool | null) => void;
  draw: (change: (sketch: Sketch, tool: Drawing) => Sketch) => void;
  clear: () => void;
  move: (cursor: Point | null) => void;
}

/** The tool in the hand and what is drawn with it. */
export function useSketch(): Sketching {
  const [tool, setTool] = useState<Tool | null>(null);
  const [sketch, setSketch] = useState(NOTHING);
  const [cursor, move] = useState<Point | null>(null);
  const clear = useCallback(() => setSketch(NOTHING), []);
  const take = useCallback((next: Tool | null) => {
    setTool(next);
    setSketch(NOTHING);
  }, []);
  const draw = useCallback(
    (change: (sketch: Sketch, tool: Drawing) => Sketch) => {
      if (isDrawing(tool)) setSketch((was) => change(was, tool));
    },
    [tool],
  );
  return { tool, sketch, cursor, take, draw, clear, move };
}
