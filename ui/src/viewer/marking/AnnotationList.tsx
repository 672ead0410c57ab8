import type { Annotation } from "@/api/types";
import { when } from "@/format";
import { words } from "@/words";
import { Block } from "../panels/Block";
import { useAnnotations } from "./annotations";
import classes from "./marking.module.css";

/** What examiners marked on the image, in the order in which they did; a click on a number goes there. */
export function AnnotationList({ evidenceId, onPick }: { evidenceId: string; onPick: (one: Annotation) => void }) {
  const annotations = useAnnotations(evidenceId);
  return (
    <Block title={words.marking.regions}>
      {annotations.length === 0 && <p className={classes.soft}>{words.marking.none}</p>}
      <ol className={classes.list}>
        {annotations.map((one, i) => (
          <li key={one.id}>
            <button type="button" className={classes.number} aria-label={words.marking.goTo(i + 1)} onClick={() => onPick(one)}>
              {i + 1}
            </button>
            <div>
              <p className={classes.text}>{one.text || words.marking.noComment}</p>
              <p className={classes.soft}>{words.marking.drawnBy(one.by, when(one.at), one.changed_at && when(one.changed_at))}</p>
            </div>
          </li>
        ))}
      </ol>
    </Block>
  );
}
