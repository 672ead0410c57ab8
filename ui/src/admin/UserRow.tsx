import { ActionIcon, Menu, Select, Table } from "@mantine/core";
import { IconDots, IconFolderShare, IconLink, IconMail, IconShieldOff, IconUserCheck, IconUserOff } from "@tabler/icons-react";
import type { Invitation, User } from "@/api/types";
import { ago } from "@/format";
import { type Role, words } from "@/words";
import classes from "./admin.module.css";
import { useChangeUser, useRemoveFactor, useReset } from "./queries";

const ROLES = Object.entries(words.roles).map(([value, label]) => ({ value, label }));

interface UserRowProps {
  user: User;
  /** Whether it is the reader's own account, which another administrator changes. */
  own: boolean;
  onLink: (link: Invitation) => void;
  /** Ask for another e-mail address. */
  onEmail: () => void;
  /** Ask to whom the account's cases pass on. */
  onPass: () => void;
}

/** An account and what an administrator may do with it. */
export function UserRow({ user, own, onLink, onEmail, onPass }: UserRowProps) {
  const change = useChangeUser();
  return (
    <Table.Tr>
      <Table.Td>
        {user.name} {own && `(${words.admin.you})`}
        {user.email && <div className={classes.email}>{user.email}</div>}
      </Table.Td>
      <Table.Td>
        {own ? (
          words.roles[user.role]
        ) : (
          <Select
            aria-label={words.admin.roleOf(user.name)}
            data={ROLES}
            value={user.role}
            allowDeselect={false}
            w={160}
            onChange={(role) => change.mutate({ id: user.id, change: { role: role as Role } })}
          />
        )}
      </Table.Td>
      <Table.Td>
        {words.admin.states[user.state]}
        {user.second_factor && `, ${words.admin.factor}`}
      </Table.Td>
      <Table.Td>{user.seen_at ? ago(user.seen_at) : words.admin.never}</Table.Td>
      <Table.Td ta="right">{!own && <Actions {...{ user, onLink, onEmail, onPass }} />}</Table.Td>
    </Table.Tr>
  );
}

function Actions({ user, onLink, onEmail, onPass }: Omit<UserRowProps, "own">) {
  const change = useChangeUser();
  const reset = useReset();
  const removeFactor = useRemoveFactor();
  const disabled = user.state === "disabled";
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" aria-label={words.admin.more(user.name)}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconLink size={16} />}
          onClick={() => reset.mutate(user.id, { onSuccess: (link) => link && onLink(link) })}
        >
          {words.admin.reset}
        </Menu.Item>
        <Menu.Item leftSection={<IconMail size={16} />} onClick={onEmail}>
          {words.admin.changeEmail}
        </Menu.Item>
        {user.second_factor && (
          <Menu.Item leftSection={<IconShieldOff size={16} />} onClick={() => removeFactor.mutate(user.id)}>
            {words.admin.removeFactor}
          </Menu.Item>
        )}
        {disabled && (
          <Menu.Item leftSection={<IconFolderShare size={16} />} onClick={onPass}>
            {words.admin.pass}
          </Menu.Item>
        )}
        <Menu.Item
          leftSection={disabled ? <IconUserCheck size={16} /> : <IconUserOff size={16} />}
          onClick={() => change.mutate({ id: user.id, change: { disabled: !disabled } })}
        >
          {disabled ? words.admin.enable : words.admin.disable}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
