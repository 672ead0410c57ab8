import { Button, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { CodeField } from "@/session/CodeField";
import { Secret } from "@/shell/Secret";
import { Complaint } from "@/shell/Said";
import { words } from "@/words";
import classes from "./account.module.css";
import { useBeginFactor, useConfirmFactor } from "./factor";
import { RecoveryCodes } from "./RecoveryCodes";

/** The steps to a second factor: the password, a code of the authenticator, the recovery codes. */
export function FactorSetUp({ onDone }: { onDone: () => void }) {
  const begin = useBeginFactor();
  const confirm = useConfirmFactor();
  if (confirm.data) return <RecoveryCodes codes={confirm.data.codes} onKept={onDone} />;
  if (begin.data) return <Scan secret={begin.data.secret} at={begin.submittedAt} confirm={confirm} />;
  return <Begin begin={begin} />;
}

function Begin({ begin }: { begin: ReturnType<typeof useBeginFactor> }) {
  const [password, setPassword] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    begin.mutate(password);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Complaint error={begin.error} />
        <PasswordInput
          label={words.factor.password}
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" loading={begin.isPending} disabled={!password}>{words.factor.begin}</Button>
      </Stack>
    </form>
  );
}

interface ScanProps {
  secret: string;
  /** When it was made, so that the picture is of this one. */
  at: number;
  confirm: ReturnType<typeof useConfirmFactor>;
}

function Scan({ secret, at, confirm }: ScanProps) {
  const [code, setCode] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    confirm.mutate(code.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <p className={classes.soft}>{words.factor.scan}</p>
        <img className={classes.qr} src={`/api/v1/session/factor/qr?at=${at}`} alt={words.factor.qr} />
        <Secret label={words.factor.secret} value={secret} />
        <Complaint error={confirm.error} />
        <CodeField value={code} onChange={setCode} />
        <Button type="submit" loading={confirm.isPending} disabled={!code.trim()}>{words.factor.confirm}</Button>
      </Stack>
    </form>
  );
}
