import { Alert, PasswordInput } from "@mantine/core";
import { useState } from "react";
import { NewPassword } from "@/session/NewPassword";
import { Panel } from "@/theme/Panel";
import { words } from "@/words";
import { useChangePassword } from "./queries";

/** Change one's password. */
export function PasswordPanel() {
  const [current, setCurrent] = useState("");
  const change = useChangePassword();
  return (
    <Panel>
      <h2>{words.account.password}</h2>
      {change.isSuccess && <Alert color="green" role="status" mb="md">{words.account.changed}</Alert>}
      <NewPassword
        submit={words.account.change}
        pending={change.isPending}
        error={change.error}
        onSubmit={(password) => change.mutate({ current, new: password })}
      >
        <PasswordInput
          label={words.account.current}
          autoComplete="current-password"
          required
          value={current}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
      </NewPassword>
    </Panel>
  );
}
