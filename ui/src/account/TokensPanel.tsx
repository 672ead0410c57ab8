import { ActionIcon, Alert, Button, Select, Table, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { ago, when } from "@/format";
import { Secret } from "@/shell/Secret";
import { Failure, Loading } from "@/shell/states";
import { Panel } from "@/theme/Panel";
import { words } from "@/words";
import classes from "./account.module.css";
import { useMakeToken, useRevoke, useTokens } from "./queries";

const DAYS = Object.entries(words.account.dayChoices).map(([value, label]) => ({ value, label }));

type Scope = keyof typeof words.account.scopes;
const SCOPES = Object.entries(words.account.scopes).map(([value, label]) => ({ value, label }));

/** Tokens for scripts. */
export function TokensPanel() {
  const tokens = useTokens();
  const make = useMakeToken();
  return (
    <Panel>
      <h2>{words.account.tokens}</h2>
      <p className={classes.soft}>{words.account.tokensText}</p>
      <MakeForm make={make} />
      {make.data && (
        <Alert color="violet" title={words.account.secretTitle} mb="md">
          <p>{words.account.secretText}</p>
          <Secret label={words.account.secret} value={make.data.secret} />
        </Alert>
      )}
      {tokens.isPending && <Loading rows={2} height={40} />}
      {tokens.error && <Failure error={tokens.error} />}
      {tokens.data?.total === 0 && <p className={classes.soft}>{words.account.none}</p>}
      {tokens.data && tokens.data.total > 0 && <Tokens items={tokens.data.items} />}
    </Panel>
  );
}

function MakeForm({ make }: { make: ReturnType<typeof useMakeToken> }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState("90");
  const [scope, setScope] = useState<Scope>("read");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate({ name: name.trim(), days: Number(days), scope }, { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label={words.account.tokenName}
        required
        maxLength={64}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={words.account.days}
        data={DAYS}
        value={days}
        allowDeselect={false}
        onChange={(value) => setDays(value ?? "90")}
      />
      <Select
        label={words.account.scope}
        data={SCOPES}
        value={scope}
        allowDeselect={false}
        onChange={(value) => setScope(value as Scope)}
      />
      <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
        {words.account.make}
      </Button>
    </form>
  );
}

function isOver(moment: string): boolean {
  return Date.parse(moment) < Date.now();
}

function Tokens({ items }: { items: NonNullable<ReturnType<typeof useTokens>["data"]>["items"] }) {
  const revoke = useRevoke();
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.account.tokenName}</Table.Th>
          <Table.Th>{words.account.scope}</Table.Th>
          <Table.Th>{words.account.expires}</Table.Th>
          <Table.Th>{words.account.used}</Table.Th>
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map((token) => (
          <Table.Tr key={token.id}>
            <Table.Td>{token.name}</Table.Td>
            <Table.Td>{words.account.scopes[token.scope]}</Table.Td>
            <Table.Td>{isOver(token.expires_at) ? words.account.ended(when(token.expires_at)) : when(token.expires_at)}</Table.Td>
            <Table.Td>{token.used_at ? ago(token.used_at) : words.account.never}</Table.Td>
            <Table.Td ta="right">
              <ActionIcon
                variant="default"
                aria-label={words.account.revoke(token.name)}
                onClick={() => revoke.mutate(token.id)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
