import { Heading } from "@/shell/Heading";
import { words } from "@/words";
import classes from "./account.module.css";
import { PasswordPanel } from "./PasswordPanel";
import { TokensPanel } from "./TokensPanel";

/** One's own password and API tokens. */
export default function Account() {
  return (
    <>
      <Heading title={words.account.title} />
      <div className={classes.panels}>
        <PasswordPanel />
        <TokensPanel />
      </div>
    </>
  );
}
