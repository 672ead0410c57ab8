import { Button, Modal, Table, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch, IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { Invitation, Me, User } from "@/api/types";
import { HeirForm } from "@/cases/SharingPanel";
import { when } from "@/format";
import { inform } from "@/shell/inform";
import { Pages } from "@/shell/Pages";
import { Secret } from "@/shell/Secret";
import { Failure, Loading } from "@/shell/states";
import { TableBox } from "@/shell/TableBox";
import { words } from "@/words";
import classes from "./admin.module.css";
import { InviteForm } from "./InviteForm";
import { LineModal } from "./LineModal";
import { useChangeUser, useHandOverCases, useUsers } from "./queries";
import { Sections } from "./Sections";
import { UserRow } from "./UserRow";

/** Accounts: invitations, roles, disabling, new links. */
export default function Users({ me }: { me: Me }) {
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(1);
  const [inviting, setInviting] = useState(false);
  const [addressee, setAddressee] = useState<User | null>(null);
  const [leaver, setLeaver] = useState<User | null>(null);
  const [link, setLink] = useState<Invitation | null>(null);
  const [sought] = useDebouncedValue(search.trim(), 250);
  const users = useUsers(sought, page);
  return (
    <>
      <Sections
        title={words.admin.users}
        lead={words.admin.usersText}
        action={
          <Button leftSection={<IconUserPlus size={18} />} onClick={() => setInviting(true)}>
            {words.admin.invite}
          </Button>
        }
      />
      <TextInput
        className={classes.search ?? ""}
        aria-label={words.admin.search}
        placeholder={words.admin.search}
        leftSection={<IconSearch size={16} />}
        value={search}
        onChange={(event) => {
          setSearch(event.currentTarget.value);
          setPage(1);
        }}
      />
      {users.isPending && <Loading />}
      {users.error && <Failure error={users.error} retry={() => void users.refetch()} />}
      {users.data && (
        <TableBox label={words.admin.users}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{words.admin.name}</Table.Th>
              <Table.Th>{words.admin.role}</Table.Th>
              <Table.Th>{words.admin.state}</Table.Th>
              <Table.Th>{words.admin.seen}</Table.Th>
              <Table.Td />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.data.items.map((user) => (
              <UserRow
                key={user.id}
                user={user}
                own={user.id === me.id}
                onLink={setLink}
                onEmail={() => setAddressee(user)}
                onPass={() => setLeaver(user)}
              />
            ))}
          </Table.Tbody>
        </TableBox>
      )}
      <Pages listed={users.data} onPage={setPage} />
      <Modal
        opened={inviting}
        onClose={() => setInviting(false)}
        title={words.admin.invite}
        closeButtonProps={{ "aria-label": words.close }}
      >
        <InviteForm
          onInvited={(made) => {
            setInviting(false);
            setLink(made);
          }}
        />
      </Modal>
      <Email user={addressee} onClose={() => setAddressee(null)} />
      <PassOn leaver={leaver} onClose={() => setLeaver(null)} />
      <LinkShown link={link} onClose={() => setLink(null)} />
    </>
  );
}

/** The address by which a provider knows somebody; none takes it away. */
function Email({ user, onClose }: { user: User | null; onClose: () => void }) {
  const change = useChangeUser();
  return (
    <LineModal
      opened={user !== null}
      onClose={onClose}
      title={user && words.admin.emailOf(user.name)}
      label={words.admin.email}
      hint={words.admin.emailHint}
      type="email"
      value={user?.email ?? ""}
      maxLength={254}
      busy={change.isPending}
      onLine={(email) => user && change.mutate({ id: user.id, change: { email: email || null } }, { onSuccess: onClose })}
    />
  );
}

/** Give every case of somebody who has left to another. */
function PassOn({ leaver, onClose }: { leaver: User | null; onClose: () => void }) {
  const handOver = useHandOverCases();
  const pass = (name: string) =>
    leaver &&
    handOver.mutate(
      { id: leaver.id, name },
      {
        onSuccess: (passed) => {
          inform(words.admin.passed(passed?.cases ?? 0));
          onClose();
        },
      },
    );
  return (
    <Modal
      opened={leaver !== null}
      onClose={onClose}
      title={leaver && words.admin.passTitle(leaver.name)}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {leaver && <HeirForm text={words.admin.passText} busy={handOver.isPending} onName={pass} />}
    </Modal>
  );
}

function LinkShown({ link, onClose }: { link: Invitation | null; onClose: () => void }) {
  return (
    <Modal
      opened={link !== null}
      onClose={onClose}
      size="lg"
      title={link && words.admin.linkTitle(link.user.name)}
      closeButtonProps={{ "aria-label": words.close }}
    >
      {link && (
        <>
          <p>{words.admin.linkText(when(link.expires_at))}</p>
          <Secret label={words.admin.link} value={`${location.origin}${link.link}`} />
        </>
      )}
    </Modal>
  );
}
