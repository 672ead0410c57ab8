import { words } from "@/words";
import classes from "./shell.module.css";

/** The lens and the name. */
export function Brand({ size = 24 }: { size?: number }) {
  return (
    <span className={classes.brand}>
      <img src="/lens.svg" alt="" width={size} height={size} />
      {words.brand}
    </span>
  );
}
