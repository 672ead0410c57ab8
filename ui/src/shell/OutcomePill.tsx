import { IconAlertTriangle, IconCircleCheck, IconCircleDashed } from "@tabler/icons-react";
import { type Outcome, words } from "@/words";
import classes from "./pill.module.css";

const SIGNS = { inconsistent: IconAlertTriangle, consistent: IconCircleCheck, inconclusive: IconCircleDashed };

/** An outcome as sign, word and tone; never by colour alone. */
export function OutcomePill({ outcome, label, quiet = false }: { outcome: Outcome; label?: string; quiet?: boolean }) {
  const Sign = SIGNS[outcome];
  return (
    <span className={classes.pill} data-outcome={outcome} data-quiet={quiet || undefined}>
      <Sign size={15} aria-hidden="true" />
      {label ?? words.outcomes[outcome]}
    </span>
  );
}
