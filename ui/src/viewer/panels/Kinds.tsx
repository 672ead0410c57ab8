import { IconCheck, IconMinus } from "@tabler/icons-react";
import { percent } from "@/format";
import { words } from "@/words";
import classes from "../viewer.module.css";
import list from "./kinds.module.css";

interface KindsProps {
  kinds: Record<string, number>;
  likeliest: string | null;
}

/** A checklist of kinds with their probabilities; where no system tells, that is said. */
export function Kinds({ kinds, likeliest }: KindsProps) {
  const sorted = Object.entries(kinds).sort(([, one], [, other]) => other - one);
  if (sorted.length === 0) return <p className={classes.soft}>{words.finding.noKinds}</p>;
  return (
    <>
      <p className={classes.soft}>{words.finding.kindsText}</p>
      <ul className={list.kinds}>
        {sorted.map(([kind, share]) => (
          <li key={kind} data-likeliest={kind === likeliest || undefined}>
            {kind === likeliest ? <IconCheck size={16} aria-hidden="true" /> : <IconMinus size={16} aria-hidden="true" />}
            <span>{kind}</span>
            <meter min={0} max={1} value={share} aria-label={kind} />
            <strong>{percent(share)} %</strong>
          </li>
        ))}
      </ul>
    </>
  );
}
