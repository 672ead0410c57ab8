import type { Annotation } from "@/api/types";
import { words } from "@/words";
import { onStage } from "../marks";
import type { View } from "../view";
import classes from "./marking.module.css";
import { boundsOf, cornersOf, pathOf } from "./shapes";

interface RegionsProps {
  annotations: readonly Annotation[];
  view: View;
  picked: string | null;
  onPick: (id: string | null) => void;
}

/** What examiners drew, each with its number; a click on that shows what is said of it. */
export function Regions({ annotations, view, picked, onPick }: RegionsProps) {
  return (
    <>
      <svg className={classes.regions} aria-hidden="true">
        <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
          {annotations.map((one) => {
            const path = pathOf(cornersOf(one.shape, one.points), true);
            return (
              <g key={one.id}>
                <path d={path} className={classes.halo} />
                <path d={path} className={classes.region} data-picked={one.id === picked || undefined} />
              </g>
            );
          })}
        </g>
      </svg>
      {annotations.map((one, i) => {
        const { left, top } = boundsOf(cornersOf(one.shape, one.points));
        const at = onStage({ x: left, y: top }, view);
        return (
          <button
            key={one.id}
            type="button"
            className={classes.badge}
            style={{ left: at.x, top: at.y }}
            aria-label={words.marking.regionBy(i + 1, one.by)}
            aria-pressed={one.id === picked}
            onClick={() => onPick(one.id === picked ? null : one.id)}
          >
            {i + 1}
          </button>
        );
      })}
    </>
  );
}
