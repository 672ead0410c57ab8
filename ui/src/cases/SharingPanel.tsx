import { ActionIcon, Button, Modal, Select, Stack, Table, TextInput } from "@mantine/core";
import { IconUserMinus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Case } from "@/api/types";
import { Failure, Loading } from "@/shell/states";
import { Panel } from "@/theme/Panel";
import { words } from "@/words";
import classes from "./sharing.module.css";
import { GroupShares } from "./GroupShares";
import { useHandOver, useShare, useShares, useWithdraw } from "./queries";

type Access = keyof typeof words.sharing.accesses;
const ACCESSES = Object.entries(words.sharing.accesses).map(([value, label]) => ({ value, label }));

/** Who sees a case. */
export function SharingPanel({ item }: { item: Case }) {
  const shares = useShares(item.id);
  const withdraw = useWithdraw(item.id);
  const owns = item.access === "owner";
  if (shares.isPending) return <Loading rows={2} />;
  if (shares.error) return <Failure error={shares.error} />;
  return (
    <Panel>
      <p className={classes.text}>{words.sharing.text}</p>
      {owns && <ShareForm id={item.id} />}
      <Table>
        <Table.Tbody>
          <Table.Tr>
            <Table.Td>{item.owner}</Table.Td>
            <Table.Td>{words.sharing.owner}</Table.Td>
            <Table.Td ta="right">{owns && <HandOver item={item} />}</Table.Td>
          </Table.Tr>
          {shares.data?.items.map((share) => (
            <Table.Tr key={share.user_id}>
              <Table.Td>{share.name}</Table.Td>
              <Table.Td>{words.sharing.accesses[share.access]}</Table.Td>
              <Table.Td ta="right">
                {owns && (
                  <ActionIcon
                    variant="default"
                    aria-label={words.sharing.withdraw(share.name)}
                    onClick={() => withdraw.mutate(share.user_id)}
                  >
                    <IconUserMinus size={16} />
                  </ActionIcon>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {shares.data?.total === 0 && <p className={classes.text}>{words.sharing.none}</p>}
      <GroupShares item={item} />
    </Panel>
  );
}

function HandOver({ item }: { item: Case }) {
  const [opened, setOpened] = useState(false);
  const handOver = useHandOver(item);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpened(true)}>{words.sharing.handOver}</Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={words.sharing.handOverTitle}
        closeButtonProps={{ "aria-label": words.close }}
      >
        <HeirForm
          text={words.sharing.handOverText}
          busy={handOver.isPending}
          onName={(name) => handOver.mutate(name, { onSuccess: () => setOpened(false) })}
        />
      </Modal>
    </>
  );
}

/** To whom cases pass on. */
export function HeirForm({ text, busy, onName }: { text: string; busy: boolean; onName: (name: string) => void }) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onName(name.trim());
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <p className={classes.text}>{text}</p>
        <TextInput
          label={words.sharing.to}
          required
          data-autofocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" loading={busy} disabled={!name.trim()}>{words.sharing.handOver}</Button>
      </Stack>
    </form>
  );
}

function ShareForm({ id }: { id: string }) {
  const [name, setName] = useState("");
  const [access, setAccess] = useState<Access>("read");
  const share = useShare(id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    share.mutate({ name: name.trim(), access }, { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <TextInput
        label={words.sharing.name}
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={words.sharing.access}
        data={ACCESSES}
        value={access}
        allowDeselect={false}
        onChange={(value) => setAccess(value as Access)}
      />
      <Button type="submit" loading={share.isPending} disabled={!name.trim()}>
        {words.sharing.share}
      </Button>
    </form>
  );
}
