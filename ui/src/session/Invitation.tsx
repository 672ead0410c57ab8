import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api } from "@/api/client";
import type { Me } from "@/api/types";
import { when } from "@/format";
import { Loading } from "@/shell/states";
import { type Role, words } from "@/words";
import { CodeField } from "./CodeField";
import { Gate } from "./Gate";
import { NewPassword } from "./NewPassword";
import { useEntrance } from "./session";

interface Given {
  token: string;
  password: string;
  code?: string;
}

/** Someone who was invited sets a password. */
export function Invitation({ token }: { token: string }) {
  const [, go] = useLocation();
  const [code, setCode] = useState("");
  const invited = useQuery({
    queryKey: ["invitation", token],
    queryFn: async () => (await api.POST("/api/v1/invitations/lookup", { body: { token } })).data,
    enabled: token !== "",
    retry: false,
  });
  const enter = useEntrance(async (body: Given) => (await api.POST("/api/v1/invitations/accept", { body })).data as Me);
  const send = (password: string) => enter.mutate({ token, password, ...(code && { code }) }, { onSuccess: () => go("/", { replace: true }) });

  if (invited.isLoading) return <Gate title={words.loading}><Loading rows={2} /></Gate>;
  if (!invited.data)
    return (
      <Gate title={words.session.spentTitle} text={token ? words.session.usedUp : words.session.noToken}>
        <Anchor component={Link} href="/">{words.session.toSignIn}</Anchor>
      </Gate>
    );
  return (
    <Gate
      title={words.session.invitedTitle(invited.data.name)}
      text={words.session.invitedText(invited.data.role as Role, when(invited.data.expires_at))}
    >
      <NewPassword
        submit={words.session.accept}
        pending={enter.isPending}
        error={enter.complaint}
        onSubmit={send}
      >
        {enter.asksCode && <CodeField value={code} onChange={setCode} />}
      </NewPassword>
    </Gate>
  );
}
