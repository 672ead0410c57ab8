import { Button, Group, Modal, PasswordInput, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { api, remember } from "@/api/client";
import type { Me } from "@/api/types";
import { Complaint } from "@/shell/Said";
import { words } from "@/words";
import { CodeField } from "./CodeField";
import { goOn, useIsAsked } from "./reentry";
import { useEntrance } from "./session";
import { THROUGH } from "./SignIn";

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

/** Go on when the same person has signed in in another window. */
function useReturn(id: string): void {
  useEffect(() => {
    const look = async () => {
      const answer = await fetch("/api/v1/session");
      const found = answer.ok ? ((await answer.json()) as Me) : null;
      if (found?.id !== id) return;
      remember(found);
      goOn(true);
    };
    const seen = () => void look().catch(() => undefined);
    window.addEventListener("focus", seen);
    return () => window.removeEventListener("focus", seen);
  }, [id]);
}

function Again({ me }: { me: Me }) {
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const enter = useEntrance(async (body: { name: string; password: string; code?: string }) => (await api.POST("/api/v1/session", { body })).data as Me);
  const setup = useQuery({ queryKey: ["setup"], queryFn: async () => (await api.GET("/api/v1/setup")).data });
  useReturn(me.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ name: me.name, password, ...(code && { code }) }, { onSuccess: () => goOn(true) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{words.session.endedText(me.name)}</Text>
        <Complaint error={enter.complaint} />
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
        {setup.data?.provider && (
          <Button component="a" href={THROUGH} target="_blank" rel="noopener" variant="default">
            {words.session.throughAgain(setup.data.provider)}
          </Button>
        )}
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
