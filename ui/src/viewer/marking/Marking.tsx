import type OpenSeadragon from "openseadragon";
import { useState } from "react";
import type { Evidence } from "@/api/types";
import { words } from "@/words";
import type { Point } from "../marks";
import type { Size } from "../view";
import { AnnotationCard, NewAnnotation } from "./AnnotationCard";
import { useAnnotations } from "./annotations";
import { Loupe } from "./Loupe";
import classes from "./marking.module.css";
import { type Colour, hex } from "./pixels";
import { shapeOf } from "./shapes";
import { measured } from "./Sketchpad";
import { ToolBox } from "./ToolBox";
import { usePixels } from "./usePixels";
import type { Sketching } from "./useSketch";

interface MarkingProps {
  item: Evidence;
  size: Size;
  viewer: OpenSeadragon.Viewer | null;
  mayWrite: boolean;
  sketching: Sketching;
  picked: string | null;
  onPick: (id: string | null) => void;
}

/** What stands around the picture: the tools, what was just drawn or picked, the loupe, the pixel under the pointer. */
export function Marking({ item, size, viewer, mayWrite, sketching, picked, onPick }: MarkingProps) {
  const { tool, sketch, cursor, take } = sketching;
  const [isWanted, setWanted] = useState(false);
  if (cursor && !isWanted) setWanted(true);
  const pixels = usePixels(item.rendition, size, isWanted || tool === "loupe");
  const measure = measured(tool, sketch, cursor);
  if (!viewer) return null;
  return (
    <>
      <ToolBox
        tool={tool}
        mayWrite={mayWrite}
        onTake={(next) => {
          onPick(null);
          take(next);
        }}
      />
      {tool === "loupe" && <Loupe pixels={pixels} at={cursor} />}
      <div className={classes.readings}>
        {measure && <div data-testid="measure">{measure}</div>}
        {cursor && <Pixel at={cursor} colour={pixels?.at(cursor) ?? null} />}
      </div>
      <Card {...{ item, mayWrite, sketching, picked, onPick }} />
    </>
  );
}

/** Where the pointer is, and what colour the picture has there. */
function Pixel({ at, colour }: { at: Point; colour: Colour | null }) {
  return (
    <div data-testid="pixel">
      {words.marking.place(at.x, at.y)}
      {colour && (
        <>
          {" · "}
          <svg className={classes.swatch} viewBox="0 0 1 1" aria-hidden="true">
            <rect width="1" height="1" fill={hex(colour)} />
          </svg>{" "}
          {words.marking.colour(...colour)}
        </>
      )}
    </div>
  );
}

/** The comment on what was just drawn, or else on what was picked. */
function Card({ item, mayWrite, sketching, picked, onPick }: Omit<MarkingProps, "size" | "viewer">) {
  const annotations = useAnnotations(item.id);
  const { tool, sketch, take, clear } = sketching;
  const shape = tool === "rectangle" || tool === "outline" ? tool : null;
  const points = shape && sketch.isDone ? shapeOf(shape, sketch.points) : null;
  if (shape && points) {
    const onMade = (id: string | undefined) => {
      take(null);
      onPick(id ?? null);
    };
    return <NewAnnotation evidenceId={item.id} drawn={{ shape, points }} onClose={clear} onMade={onMade} />;
  }
  const place = annotations.findIndex(({ id }) => id === picked);
  const said = annotations[place];
  if (!said) return null;
  return (
    <AnnotationCard
      key={said.id}
      evidenceId={item.id}
      said={said}
      number={place + 1}
      mayWrite={mayWrite}
      onClose={() => onPick(null)}
    />
  );
}
