import { Alert, Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSearch } from "wouter";
import { api } from "@/api/client";
import type { Me } from "@/api/types";
import { Complaint } from "@/shell/Said";
import { words } from "@/words";
import { CodeField } from "./CodeField";
import { Gate } from "./Gate";
import { useEntrance } from "./session";

interface Credentials {
  name: string;
  password: string;
  code?: string;
}

/** Where the way to the provider of identities begins. */
export const THROUGH = "/api/v1/oidc/start";

/** Why the provider's word was not taken, where the browser has just come back from it. */
function useRefusal(): string | undefined {
  const why = new URLSearchParams(useSearch()).get("refused");
  return words.session.refused[why as keyof typeof words.session.refused];
}

/** Name, password and, where the account has one, a code of the second factor. */
export function SignIn() {
  const [given, setGiven] = useState<Credentials>({ name: "", password: "" });
  const setup = useQuery({ queryKey: ["setup"], queryFn: async () => (await api.GET("/api/v1/setup")).data });
  const enter = useEntrance(async (body: Credentials) => (await api.POST("/api/v1/session", { body })).data as Me);
  const refused = useRefusal();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ ...given, name: given.name.trim() });
  };
  return (
    <Gate title={words.session.title}>
      <form onSubmit={submit}>
        <Stack gap="md" mt="md">
          {refused && <Alert color="red" role="alert">{refused}</Alert>}
          {setup.data?.needed && <Alert color="violet">{words.session.setUpFirst}</Alert>}
          <Complaint error={enter.complaint} />
          <TextInput
            label={words.session.name}
            autoComplete="username"
            autoFocus
            required
            value={given.name}
            onChange={(event) => setGiven({ ...given, name: event.currentTarget.value })}
          />
          <PasswordInput
            label={words.session.password}
            autoComplete="current-password"
            required
            value={given.password}
            onChange={(event) => setGiven({ ...given, password: event.currentTarget.value })}
          />
          {enter.asksCode && <CodeField value={given.code ?? ""} onChange={(code) => setGiven({ ...given, code })} />}
          <Button type="submit" size="md" loading={enter.isPending}>
            {words.session.signIn}
          </Button>
          {setup.data?.provider && (
            <Button component="a" href={THROUGH} variant="default" size="md">
              {words.session.through(setup.data.provider)}
            </Button>
          )}
        </Stack>
      </form>
    </Gate>
  );
}
