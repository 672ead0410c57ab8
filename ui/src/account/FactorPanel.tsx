import { Button, Group, Stack } from "@mantine/core";
import { useState } from "react";
import { CodeField } from "@/session/CodeField";
import { Failure, Loading } from "@/shell/states";
import { Panel } from "@/theme/Panel";
import { Complaint } from "@/shell/Said";
import { words } from "@/words";
import classes from "./account.module.css";
import { useFactor, useRenewCodes, useTurnOff } from "./factor";
import { FactorSetUp } from "./FactorSetUp";
import { RecoveryCodes } from "./RecoveryCodes";

/** One's own second factor: set up, turned off, recovery codes made anew. */
export function FactorPanel() {
  const factor = useFactor();
  // Whether it is being set up: the recovery codes stay until they were kept.
  const [isNew, setIsNew] = useState(false);
  const isOn = factor.data?.on && !isNew;
  return (
    <Panel>
      <h2>{words.factor.title}</h2>
      {!isOn && <p className={classes.soft}>{words.factor.text}</p>}
      {factor.isPending && <Loading rows={1} />}
      {factor.error && <Failure error={factor.error} />}
      {factor.data && isOn && <TurnedOn left={factor.data.recovery_codes} demanded={factor.data.demanded} />}
      {factor.data && !isOn && !isNew && (
        <Button onClick={() => setIsNew(true)}>{words.factor.begin}</Button>
      )}
      {isNew && <FactorSetUp onDone={() => setIsNew(false)} />}
    </Panel>
  );
}

function TurnedOn({ left, demanded }: { left: number; demanded: boolean }) {
  const [code, setCode] = useState("");
  const renew = useRenewCodes();
  const turnOff = useTurnOff();
  const error = renew.error ?? turnOff.error;
  if (renew.data) return <RecoveryCodes codes={renew.data.codes} onKept={renew.reset} />;
  const clear = { onSettled: () => setCode("") };
  return (
    <Stack>
      <p className={classes.soft}>
        {words.factor.on} {words.factor.left(left)} {demanded && words.factor.demanded}
      </p>
      <Complaint error={error} />
      <CodeField label={words.factor.code} value={code} onChange={setCode} />
      <Group>
        <Button variant="default" disabled={!code.trim()} loading={renew.isPending} onClick={() => renew.mutate(code.trim(), clear)}>
          {words.factor.renew}
        </Button>
        {!demanded && (
          <Button color="red" variant="light" disabled={!code.trim()} loading={turnOff.isPending} onClick={() => turnOff.mutate(code.trim(), clear)}>
            {words.factor.remove}
          </Button>
        )}
      </Group>
    </Stack>
  );
}
