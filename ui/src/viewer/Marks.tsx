import { useMemo } from "react";
import { arrowHead, middle, onStage, toPath } from "./marks";
import classes from "./stage.module.css";
import type { Box, View } from "./view";

/** A pair of regions that repeat each other. */
export interface CopiedPair {
  source: Box;
  target: Box;
}

interface MarksProps {
  view: View;
  outline: readonly (readonly (readonly number[])[])[];
  copies: readonly CopiedPair[];
  /** The part that was last chosen in a list. */
  chosen: Box | null;
}

/** What is drawn over the picture: the mask's outline, copied regions with arrows, the chosen part. */
export function Marks({ view, outline, copies, chosen }: MarksProps) {
  const path = useMemo(() => toPath(outline), [outline]);
  return (
    <svg className={classes.marks} aria-hidden="true">
      <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
        <path d={path} className={classes.halo} />
        <path d={path} className={classes.outline} />
        {copies.map((pair, i) => (
          <g key={i}>
            <Frame box={pair.source} className={classes.source} />
            <Frame box={pair.target} className={classes.target} />
          </g>
        ))}
        {chosen && <Frame box={chosen} className={classes.chosen} />}
      </g>
      {copies.map((pair, i) => (
        <Arrow key={i} from={pair.source} to={pair.target} view={view} />
      ))}
    </svg>
  );
}

function Frame({ box, className }: { box: Box; className: string | undefined }) {
  return <rect x={box.left} y={box.top} width={box.width} height={box.height} className={className} />;
}

function Arrow({ from, to, view }: { from: Box; to: Box; view: View }) {
  const start = onStage(middle(from), view);
  const end = onStage(middle(to), view);
  return (
    <g className={classes.arrow}>
      <line x1={start.x} y1={start.y} x2={end.x} y2={end.y} />
      <circle cx={start.x} cy={start.y} r={4} />
      <polygon points={arrowHead(start, end)} />
    </g>
  );
}
