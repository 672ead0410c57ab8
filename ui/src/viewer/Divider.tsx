import type { KeyboardEvent, PointerEvent } from "react";
import { words } from "@/words";
import classes from "./stage.module.css";

interface DividerProps {
  /** Share of the stage's width. */
  at: number;
  onMove: (at: number) => void;
  label?: string;
  /** What it says of its place, in percent. */
  said?: (percent: number) => string;
}

const STEPS: Record<string, number> = { ArrowLeft: -0.02, ArrowRight: 0.02, PageDown: -0.1, PageUp: 0.1 };
const clamp = (value: number) => Math.min(1, Math.max(0, value));

/** The line between two pictures, moved by pointer or keys. */
export function Divider({ at, onMove, label = words.viewer.divider, said = words.viewer.dividerAt }: DividerProps) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const stage = event.currentTarget.parentElement?.getBoundingClientRect();
    if (stage) onMove(clamp((event.clientX - stage.left) / stage.width));
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Home") onMove(0);
    else if (event.key === "End") onMove(1);
    else if (event.key in STEPS) onMove(clamp(at + (STEPS[event.key] ?? 0)));
    else return;
    event.preventDefault();
  };
  return (
    <div
      className={classes.divider}
      style={{ left: `${100 * at}%` }}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(100 * at)}
      aria-valuetext={said(Math.round(100 * at))}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  );
}
