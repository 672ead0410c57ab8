import { ActionIcon, Alert, Button, Table, TextInput } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay, IconSend, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { ago } from "@/format";
import { Quoting } from "@/shell/Said";
import { Failure, Loading } from "@/shell/states";
import { Panel } from "@/theme/Panel";
import { words } from "@/words";
import classes from "./account.module.css";
import { useAddWebhook, usePause, useRemoveWebhook, useTryOut, useWebhooks } from "./webhooks";

type Webhook = NonNullable<ReturnType<typeof useWebhooks>["data"]>["items"][number];

/** Programs that are called about what happens. */
export function WebhooksPanel() {
  const hooks = useWebhooks();
  return (
    <Panel>
      <h2>{words.webhooks.title}</h2>
      <p className={classes.soft}>{words.webhooks.text}</p>
      <AddForm />
      {hooks.isPending && <Loading rows={1} height={40} />}
      {hooks.error && <Failure error={hooks.error} />}
      {hooks.data?.total === 0 && <p className={classes.soft}>{words.webhooks.none}</p>}
      {hooks.data && hooks.data.total > 0 && <Hooks items={hooks.data.items} />}
    </Panel>
  );
}

function AddForm() {
  const add = useAddWebhook();
  const [url, setUrl] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate(url.trim(), { onSuccess: () => setUrl("") });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label={words.webhooks.url}
        type="url"
        required
        maxLength={2000}
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <Button type="submit" loading={add.isPending} disabled={!url.trim()}>
        {words.webhooks.add}
      </Button>
    </form>
  );
}

function Hooks({ items }: { items: Webhook[] }) {
  const tryOut = useTryOut();
  return (
    <>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.webhooks.url}</Table.Th>
              <Table.Th>{words.webhooks.state}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((hook) => (
              <Row key={hook.id} hook={hook} onTry={() => tryOut.mutate(hook.id)} isTrying={tryOut.isPending} />
            ))}
          </Table.Tbody>
        </Table>
      {tryOut.data && (
        <Alert color={tryOut.data.arrived ? "green" : "red"} mt="md" role="status">
          {tryOut.data.arrived ? words.webhooks.arrived : <Quoting text={words.webhooks.lost(tryOut.data.problem ?? "")} said={tryOut.data.problem} />}
        </Alert>
      )}
    </>
  );
}

function Row({ hook, onTry, isTrying }: { hook: Webhook; onTry: () => void; isTrying: boolean }) {
  const pause = usePause();
  const remove = useRemoveWebhook();
  const Icon = hook.paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Table.Tr>
      <Table.Td className={classes.address}>{hook.url}</Table.Td>
      <Table.Td><Quoting text={stateOf(hook)} said={hook.problem} /></Table.Td>
      <Table.Td ta="right" className={classes.buttons}>
        <ActionIcon variant="default" aria-label={words.webhooks.tryOut(hook.url)} loading={isTrying} onClick={onTry}>
          <IconSend size={16} />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={hook.paused ? words.webhooks.goOn(hook.url) : words.webhooks.pause(hook.url)}
          onClick={() => pause.mutate({ id: hook.id, paused: !hook.paused })}
        >
          <Icon size={16} />
        </ActionIcon>
        <ActionIcon variant="default" aria-label={words.webhooks.remove(hook.url)} onClick={() => remove.mutate(hook.id)}>
          <IconTrash size={16} />
        </ActionIcon>
      </Table.Td>
    </Table.Tr>
  );
}

/** What its owner wants to know first. */
function stateOf(hook: Webhook): string {
  if (hook.paused) return words.webhooks.paused(hook.problem);
  if (hook.problem) return words.webhooks.failing(hook.problem, ago(hook.failing_since ?? ""));
  return hook.called_at ? words.webhooks.called(ago(hook.called_at)) : words.webhooks.waiting;
}
