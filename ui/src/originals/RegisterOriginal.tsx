import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Evidence } from "@/api/types";
import { Block } from "@/viewer/panels/Block";
import { words } from "@/words";
import { useRegister } from "./queries";

/** Declare an examined image authentic. */
export function RegisterOriginal({ item }: { item: Evidence }) {
  const [label, setLabel] = useState("");
  const register = useRegister();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate({ label: label.trim(), evidence_id: item.id });
  };
  return (
    <Block title={words.conclusion.register}>
      <p>{words.conclusion.registerText}</p>
      {register.isSuccess ? (
        <Alert color="green" role="status">{words.conclusion.registered}</Alert>
      ) : (
        <form onSubmit={submit}>
          <Stack gap="xs">
            <TextInput
              label={words.conclusion.label}
              maxLength={200}
              value={label}
              onChange={(event) => setLabel(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={register.isPending} disabled={!label.trim()}>
              {words.conclusion.register}
            </Button>
          </Stack>
        </form>
      )}
    </Block>
  );
}
