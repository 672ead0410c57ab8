import { Alert, Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import type { Me } from "@/api/types";
import { words } from "@/words";
import { CodeField } from "./CodeField";
import { goOn, useIsAsked } from "./reentry";
import { useEntrance } from "./session";

/** Over the page, when the session has ended: the password, and the work goes on where it was. */
export function Reentry({ me }: { me: Me }) {
  const asked = useIsAsked();
  return (
    <Modal
      opened={asked}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={words.session.endedTitle}
    >
      {asked && <Again me={me} />}
    </Modal>
  );
}

function Again({ me }: { me: Me }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const enter = useEntrance(async (body: { name: string; password: string; code?: string }) => (await api.POST("/api/v1/session", { body })).data as Me);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ name: me.name, password, ...(code && { code }) }, { onSuccess: () => goOn(true) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.session.endedText(me.name)}</Text>
        {enter.complaint && <Alert color="red" role="alert">{enter.complaint}</Alert>}
        <input type="text" autoComplete="username" value={me.name} readOnly hidden />
        <PasswordInput
          label={words.session.password}
          autoComplete="current-password"
          required
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {enter.asksCode && <CodeField value={code} onChange={setCode} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => goOn(false)}>
            {words.nav.signOut}
          </Button>
          <Button type="submit" loading={enter.isPending} disabled={!password}>
            {words.session.goOn}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
