import { Heading } from "@/shell/Heading";
import { words } from "@/words";
import classes from "./account.module.css";
import { FactorPanel } from "./FactorPanel";
import { PasswordPanel } from "./PasswordPanel";
import { TokensPanel } from "./TokensPanel";

/** One's own password, second factor and API tokens. */
export default function Account() {
  return (
    <>
      <Heading title={words.account.title} />
      <div className={classes.panels}>
        <div className={classes.own}>
          <PasswordPanel />
          <FactorPanel />
        </div>
        <TokensPanel />
      </div>
    </>
  );
}
