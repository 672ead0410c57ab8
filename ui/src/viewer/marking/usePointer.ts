import type OpenSeadragon from "openseadragon";
import { type RefObject, useEffect, useRef } from "react";
import type { Point } from "../marks";
import type { Size, View } from "../view";
import { type Drawing, isDrawing, isPair, within } from "./shapes";
import { end, set, trail } from "./sketch";
import type { Sketching } from "./useSketch";

// Screen pixels: less is a click and not a drag; how near a click hits a point; how far apart a free outline's are.
const DRAG = 4;
const NEAR = 10;
const STEP = 3;

/** The part of the stage that is the picture, not a button over it. */
const PICTURE = ".openseadragon-canvas";

/**
 * Follow the pointer over the stage, and draw with it while a tool that draws is in the hand; the wheel still zooms.
 *
 * `pad` lies in the stage, whose pointer is followed before the viewer's own handling of it.
 */
export function usePointer(
  pad: RefObject<HTMLElement | null>,
  viewer: OpenSeadragon.Viewer | null,
  size: Size,
  view: View,
  sketching: Sketching,
): void {
  const now = useRef({ size, view, sketching });
  useEffect(() => {
    now.current = { size, view, sketching };
  });
  const { tool } = sketching;
  useHeld(viewer, tool !== null, isDrawing(tool));

  useEffect(() => {
    const stage = pad.current?.parentElement;
    if (!stage) return;
    const drawing = new Drawn(stage, () => now.current);
    const parts = Object.entries({
      pointerdown: drawing.down,
      pointermove: drawing.move,
      pointerup: drawing.up,
      pointerleave: drawing.leave,
    }) as [keyof HTMLElementEventMap, (event: Event) => void][];
    for (const [name, act] of parts) stage.addEventListener(name, act, { capture: name !== "pointerleave" });
    return () => {
      for (const [name, act] of parts) stage.removeEventListener(name, act, { capture: name !== "pointerleave" });
    };
  }, [pad]);
}

interface Now {
  size: Size;
  view: View;
  sketching: Sketching;
}

/** What the pointer does from when it goes down until it is let go. */
class Drawn {
  private start: Point | null = null;
  private isDragged = false;
  private isFirst = false;

  constructor(
    private readonly stage: HTMLElement,
    private readonly now: () => Now,
  ) {}

  readonly down = (event: Event): void => {
    const { sketching } = this.now();
    if (!this.counts(event) || event.button !== 0 || !isDrawing(sketching.tool)) return;
    this.start = this.on(event);
    this.isDragged = false;
    this.isFirst = sketching.sketch.points.length === 0 || sketching.sketch.isDone;
    if (this.isFirst) this.set(event);
  };

  readonly move = (event: Event): void => {
    const { sketching, view } = this.now();
    if (!(event instanceof PointerEvent) || !event.isPrimary) return;
    sketching.move(this.counts(event) ? this.at(event) : null);
    if (!this.start) return;
    const { x, y } = this.on(event);
    this.isDragged ||= Math.hypot(x - this.start.x, y - this.start.y) > DRAG;
    if (!this.isDragged) return;
    const point = this.at(event);
    sketching.draw((was, tool) => (isPair(tool) ? was : trail(was, point, STEP / view.scale)));
  };

  readonly up = (event: Event): void => {
    if (!this.start || !(event instanceof PointerEvent)) return;
    this.start = null;
    const isFree = this.isDragged && !this.isPair();
    if (isFree) this.now().sketching.draw(end);
    else if (this.isDragged || !this.isFirst) this.set(event);
  };

  readonly leave = (): void => this.now().sketching.move(null);

  private isPair(): boolean {
    return isPair(this.now().sketching.tool as Drawing);
  }

  private set(event: PointerEvent): void {
    const { sketching, view } = this.now();
    const point = this.at(event);
    sketching.draw((was, tool) => set(tool, was, point, NEAR / view.scale));
  }

  private counts(event: Event): event is PointerEvent {
    return event instanceof PointerEvent && event.isPrimary && !!(event.target as Element).closest(PICTURE);
  }

  private on({ clientX, clientY }: PointerEvent): Point {
    const { left, top } = this.stage.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  private at(event: PointerEvent): Point {
    const { size, view, sketching } = this.now();
    const { x, y } = this.on(event);
    const point = { x: (x - view.x) / view.scale, y: (y - view.y) / view.scale };
    return isDrawing(sketching.tool) ? within(point, size) : { x: Math.floor(point.x), y: Math.floor(point.y) };
  }
}

type Prevented = { preventDefaultAction: boolean; pointerType?: string };

/** Keep the viewer from moving the picture with the pointer that draws, or with a finger that moves the loupe. */
function useHeld(viewer: OpenSeadragon.Viewer | null, isTool: boolean, isDrawingTool: boolean): void {
  useEffect(() => {
    if (!viewer || !isTool) return;
    const hold = (event: unknown) => {
      const told = event as Prevented;
      if (isDrawingTool || told.pointerType === "touch") told.preventDefaultAction = true;
    };
    const names = ["canvas-drag", "canvas-drag-end", "canvas-double-click"] as const;
    for (const name of names) viewer.addHandler(name, hold);
    return () => {
      for (const name of names) viewer.removeHandler(name, hold);
    };
  }, [viewer, isTool, isDrawingTool]);
}
