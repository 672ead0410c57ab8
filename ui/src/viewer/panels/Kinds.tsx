import { IconCheck, IconMinus } from "@tabler/icons-react";
import type { ReportView } from "@/api/types";
import classes from "../viewer.module.css";
import list from "./kinds.module.css";

/** A checklist of kinds with their probabilities; where no kind is told, why. */
export function Kinds({ kinds }: { kinds: ReportView["kinds"] }) {
  return (
    <>
      <p className={classes.soft}>{kinds.sentence}</p>
      {kinds.rows.length > 0 && (
        <>
          <ul className={list.kinds}>
            {kinds.rows.map(({ name, title, probability, percent, ticked }) => (
              <li key={name} data-likeliest={ticked || undefined}>
                {ticked ? <IconCheck size={16} aria-hidden="true" /> : <IconMinus size={16} aria-hidden="true" />}
                <span>{title}</span>
                <meter min={0} max={1} value={probability} aria-label={title} />
                <strong>{percent}</strong>
              </li>
            ))}
          </ul>
          <p className={classes.soft}>{kinds.note}</p>
        </>
      )}
    </>
  );
}
