import { ActionIcon, Button, Group as Row, Modal, Pill, Stack, Table, Text, TextInput, Tooltip } from "@mantine/core";
import { IconPencil, IconTrash, IconUsersGroup } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Group } from "@/api/types";
import { Pages } from "@/shell/Pages";
import { Empty, Failure, Loading } from "@/shell/states";
import { TableBox } from "@/shell/TableBox";
import { words } from "@/words";
import { LineModal } from "./LineModal";
import { useAddGroup, useAddMember, useDissolve, useGroups, useRename, useTakeOut } from "./queries";
import { Sections } from "./Sections";

/** Groups of people: made, filled, dissolved. */
export default function Groups() {
  const [page, setPage] = useState(1);
  const [leaving, setLeaving] = useState<Group | null>(null);
  const [naming, setNaming] = useState<Group | null>(null);
  const groups = useGroups(page);
  const add = useAddGroup();
  return (
    <>
      <Sections title={words.admin.groups} lead={words.admin.groupsText} />
      <NameForm label={words.admin.group} act={words.admin.addGroup} write={add} />
      {groups.isPending && <Loading />}
      {groups.error && <Failure error={groups.error} retry={() => void groups.refetch()} />}
      {groups.data?.total === 0 && <Empty icon={IconUsersGroup} title={words.admin.noGroup} text="" />}
      {groups.data && groups.data.total > 0 && (
        <TableBox label={words.admin.groups}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.admin.name}</Table.Th>
              <Table.Th>{words.admin.members}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {groups.data.items.map((group) => (
              <GroupRow key={group.id} group={group} onRename={() => setNaming(group)} onDissolve={() => setLeaving(group)} />
            ))}
          </Table.Tbody>
        </TableBox>
      )}
      <Pages listed={groups.data} onPage={setPage} />
      <Rename group={naming} onClose={() => setNaming(null)} />
      <Dissolve group={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}

interface GroupRowProps {
  group: Group;
  onRename: () => void;
  onDissolve: () => void;
}

function GroupRow({ group, onRename, onDissolve }: GroupRowProps) {
  const add = useAddMember(group.id);
  const takeOut = useTakeOut(group.id);
  return (
    <Table.Tr>
      <Table.Td>{group.name}</Table.Td>
      <Table.Td>
        <Stack gap="xs">
          <Pill.Group>
            {group.members.map(({ user_id, name }) => (
              <Pill
                key={user_id}
                withRemoveButton
                onRemove={() => takeOut.mutate(user_id)}
                removeButtonProps={{ "aria-label": words.admin.takeOut(name, group.name), "aria-hidden": false, tabIndex: 0 }}
              >
                {name}
              </Pill>
            ))}
          </Pill.Group>
          <NameForm label={words.admin.member(group.name)} act={words.admin.addMember} write={add} quiet />
        </Stack>
      </Table.Td>
      <Table.Td>
        <Row gap={6} justify="flex-end" wrap="nowrap">
          <Tooltip label={words.admin.rename}>
            <ActionIcon variant="default" aria-label={words.admin.renameGroup(group.name)} onClick={onRename}>
              <IconPencil size={16} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={words.admin.dissolveYes}>
            <ActionIcon variant="default" aria-label={words.admin.dissolve(group.name)} onClick={onDissolve}>
              <IconTrash size={16} />
            </ActionIcon>
          </Tooltip>
        </Row>
      </Table.Td>
    </Table.Tr>
  );
}

interface NameFormProps {
  label: string;
  act: string;
  write: ReturnType<typeof useAddGroup>;
  /** Whether the label is only read out. */
  quiet?: boolean;
}

function NameForm({ label, act, write, quiet = false }: NameFormProps) {
  const [name, setName] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    write.mutate(name.trim(), { onSuccess: () => setName("") });
  };
  return (
    <form onSubmit={submit}>
      <Row align="flex-end" gap="xs" mb={quiet ? 0 : "md"}>
        <TextInput
          {...(quiet ? { "aria-label": label, placeholder: words.admin.name } : { label })}
          maxLength={64}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant={quiet ? "default" : "filled"} loading={write.isPending} disabled={!name.trim()}>
          {act}
        </Button>
      </Row>
    </form>
  );
}

function Rename({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const rename = useRename();
  return (
    <LineModal
      opened={group !== null}
      onClose={onClose}
      title={group && words.admin.renameGroup(group.name)}
      label={words.admin.group}
      value={group?.name ?? ""}
      maxLength={64}
      required
      busy={rename.isPending}
      onLine={(name) => group && rename.mutate({ id: group.id, name }, { onSuccess: onClose })}
    />
  );
}

function Dissolve({ group, onClose }: { group: Group | null; onClose: () => void }) {
  const dissolve = useDissolve();
  return (
    <Modal
      opened={group !== null}
      onClose={onClose}
      title={group && words.admin.dissolve(group.name)}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <Text mb="md">{group && words.admin.dissolveText(group.name)}</Text>
      <Row justify="flex-end">
        <Button variant="default" onClick={onClose}>{words.cancel}</Button>
        <Button color="red" loading={dissolve.isPending} onClick={() => group && dissolve.mutate(group.id, { onSuccess: onClose })}>
          {words.admin.dissolveYes}
        </Button>
      </Row>
    </Modal>
  );
}
