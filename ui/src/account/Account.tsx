import { Heading } from "@/shell/Heading";
import { useSession } from "@/session/session";
import { words } from "@/words";
import classes from "./account.module.css";
import { FactorPanel } from "./FactorPanel";
import { PasswordPanel } from "./PasswordPanel";
import { TokensPanel } from "./TokensPanel";
import { WebhooksPanel } from "./WebhooksPanel";

/** One's own password, second factor, API tokens and webhooks. */
export default function Account() {
  const session = useSession().data;
  return (
    <>
      <Heading title={words.account.title} />
      <div className={classes.panels}>
        <div className={classes.own}>
          <PasswordPanel />
          <FactorPanel />
        </div>
        <div className={classes.own}>
          <TokensPanel />
          {session?.role !== "viewer" && <WebhooksPanel />}
        </div>
      </div>
    </>
  );
}
