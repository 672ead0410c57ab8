import { Anchor, TextInput } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api } from "@/api/client";
import type { Me } from "@/api/types";
import { words } from "@/words";
import { Gate } from "./Gate";
import { NewPassword } from "./NewPassword";
import { useEntrance } from "./session";

interface Given {
  token: string;
  name: string;
  password: string;
}

/** The first administrator, by the one-time link that the server printed. */
export function SetUp({ token }: { token: string }) {
  const [name, setName] = useState("");
  const [, go] = useLocation();
  const enter = useEntrance(async (body: Given) => (await api.POST("/api/v1/setup", { body })).data as Me);
  const send = (password: string) =>
    enter.mutate({ token, name: name.trim(), password }, { onSuccess: () => go("/", { replace: true }) });
  return (
    <Gate title={words.session.setUpTitle} text={token ? words.session.setUpText : words.session.noToken}>
      <NewPassword
        submit={words.session.setUp}
        pending={enter.isPending}
        error={enter.error}
        onSubmit={send}
      >
        <TextInput
          label={words.session.name}
          autoComplete="username"
          autoFocus
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </NewPassword>
      <Anchor component={Link} href="/" size="sm" mt="md" display="inline-block">
        {words.session.toSignIn}
      </Anchor>
    </Gate>
  );
}
