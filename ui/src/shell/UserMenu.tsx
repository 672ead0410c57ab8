import { Button, Menu } from "@mantine/core";
import { IconKey, IconLogout, IconUser } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Me } from "@/api/types";
import { useSignOut } from "@/session/session";
import { words } from "@/words";

/** One's own account, and the way out. */
export function UserMenu({ me }: { me: Me }) {
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" leftSection={<IconUser size={16} />} aria-label={words.nav.signedInAs(me.name)} maw={200}>
          {me.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.roles[me.role]}</Menu.Label>
        <Menu.Item component={Link} href="/account" leftSection={<IconKey size={16} />}>
          {words.nav.account}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          {words.nav.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
