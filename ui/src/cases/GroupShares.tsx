import { ActionIcon, Button, Select, Table } from "@mantine/core";
import { IconUsersMinus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useGroups } from "@/admin/queries";
import type { Case } from "@/api/types";
import { Failure } from "@/shell/states";
import { list } from "@/format";
import { words } from "@/words";
import { useGroupShares, useShareWithGroup, useWithdrawFromGroup } from "./queries";
import classes from "./sharing.module.css";

type Access = keyof typeof words.sharing.accesses;
const ACCESSES = Object.entries(words.sharing.accesses).map(([value, label]) => ({ value, label }));

/** The groups that see a case. */
export function GroupShares({ item }: { item: Case }) {
  const shares = useGroupShares(item.id);
  const withdraw = useWithdrawFromGroup(item.id);
  const owns = item.access === "owner";
  if (shares.error) return <Failure error={shares.error} />;
  if (!owns && !shares.data?.total) return null;
  return (
    <section aria-label={words.sharing.groups}>
      <h2 className={classes.groups}>{words.sharing.groups}</h2>
      {owns && <GroupForm id={item.id} />}
      <Table>
        <Table.Tbody>
          {shares.data?.items.map((share) => (
            <Table.Tr key={share.group_id}>
              <Table.Td>{share.name}</Table.Td>
              <Table.Td>{list(share.members.map(({ name }) => name))}</Table.Td>
              <Table.Td>{words.sharing.accesses[share.access]}</Table.Td>
              <Table.Td ta="right">
                {owns && (
                  <ActionIcon
                    variant="default"
                    aria-label={words.sharing.withdraw(share.name)}
                    onClick={() => withdraw.mutate(share.group_id)}
                  >
                    <IconUsersMinus size={16} />
                  </ActionIcon>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function GroupForm({ id }: { id: string }) {
  const groups = useGroups();
  const [name, setName] = useState<string | null>(null);
  const [access, setAccess] = useState<Access>("read");
  const share = useShareWithGroup(id);
  if (groups.data?.total === 0) return <p className={classes.text}>{words.sharing.noGroups}</p>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name) share.mutate({ name, access }, { onSuccess: () => setName(null) });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      <Select
        label={words.sharing.group}
        searchable
        data={(groups.data?.items ?? []).map((group) => group.name)}
        value={name}
        onChange={setName}
      />
      <Select
        label={words.sharing.access}
        data={ACCESSES}
        value={access}
        allowDeselect={false}
        onChange={(value) => setAccess(value as Access)}
      />
      <Button type="submit" loading={share.isPending} disabled={!name}>{words.sharing.shareGroup}</Button>
    </form>
  );
}
