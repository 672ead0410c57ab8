import { Button, Radio, Stack, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "@/api/client";
import type { Invitation } from "@/api/types";
import { type Role, words } from "@/words";
import { useInvite } from "./queries";

const ROLES = Object.entries(words.roles) as [Role, string][];

/** A name and a role; the answer is a link to hand over. */
export function InviteForm({ onInvited }: { onInvited: (made: Invitation) => void }) {
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const { data: setup } = useQuery({ queryKey: ["setup"], queryFn: async () => (await api.GET("/api/v1/setup")).data });
  const [role, setRole] = useState<Role>("examiner");
  const invite = useInvite();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    invite.mutate({ name: name.trim(), role, ...(email.trim() && { email: email.trim() }) }, { onSuccess: (made) => made && onInvited(made) });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={words.admin.name}
          required
          maxLength={64}
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {setup?.provider && (
          <TextInput
            label={words.admin.email}
            description={words.admin.emailHint}
            type="email"
            maxLength={254}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
        )}
        <Radio.Group label={words.admin.role} value={role} onChange={(value) => setRole(value as Role)}>
          <Stack gap="xs" mt="xs">
            {ROLES.map(([value, label]) => (
              <Radio key={value} value={value} label={label} description={words.admin.roleText[value]} />
            ))}
          </Stack>
        </Radio.Group>
        <Button type="submit" loading={invite.isPending} disabled={!name.trim()}>
          {words.admin.inviteYes}
        </Button>
      </Stack>
    </form>
  );
}
