import { ActionIcon, Button, Group, Modal, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconFingerprint, IconPlus, IconTrash } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Me, Original } from "@/api/types";
import { when } from "@/format";
import { Heading } from "@/shell/Heading";
import { Pages } from "@/shell/Pages";
import { Empty, Failure, Loading } from "@/shell/states";
import { TableBox } from "@/shell/TableBox";
import { words } from "@/words";
import { useOriginals, useRegister, useRemoveOriginal } from "./queries";

/** The registry of images that somebody declared authentic. */
export default function Originals({ me }: { me: Me }) {
  const [page, setPage] = useState(1);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Original | null>(null);
  const originals = useOriginals(page);
  const mayAdd = me.role !== "viewer";
  return (
    <>
      <Heading title={words.originals.title} lead={words.originals.text}>
        {mayAdd && (
          <Button leftSection={<IconPlus size={18} />} onClick={() => setAdding(true)}>
            {words.originals.add}
          </Button>
        )}
      </Heading>
      {originals.isPending && <Loading />}
      {originals.error && <Failure error={originals.error} retry={() => void originals.refetch()} />}
      {originals.data?.total === 0 && (
        <Empty icon={IconFingerprint} title={words.originals.none} text={words.originals.noneText} />
      )}
      {originals.data && originals.data.total > 0 && (
        <Listed
          originals={originals.data.items}
          onRemove={me.role === "administrator" ? setLeaving : undefined}
        />
      )}
      <Pages listed={originals.data} onPage={setPage} />
      <Modal
        opened={adding}
        onClose={() => setAdding(false)}
        title={words.originals.add}
        closeButtonProps={{ "aria-label": words.close }}
      >
        <AddForm onClose={() => setAdding(false)} />
      </Modal>
      <Remove original={leaving} onClose={() => setLeaving(null)} />
    </>
  );
}

interface ListedProps {
  originals: readonly Original[];
  onRemove: ((original: Original) => void) | undefined;
}

function Listed({ originals, onRemove }: ListedProps) {
  return (
    <TableBox label={words.originals.title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{words.originals.label}</Table.Th>
          <Table.Th>{words.originals.sha}</Table.Th>
          <Table.Th>{words.originals.perceptual}</Table.Th>
          <Table.Th>{words.originals.by}</Table.Th>
          {onRemove && <Table.Td />}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {originals.map((original) => (
          <Table.Tr key={original.id}>
            <Table.Td>{original.label}</Table.Td>
            <Table.Td ff="monospace" fz="xs" title={original.sha256}>{original.sha256.slice(0, 16)}…</Table.Td>
            <Table.Td ff="monospace" fz="xs">{original.perceptual ?? "–"}</Table.Td>
            <Table.Td>{words.conclusion.by(original.registered_by, when(original.registered_at))}</Table.Td>
            {onRemove && (
              <Table.Td ta="right">
                <ActionIcon
                  variant="default"
                  aria-label={words.originals.remove(original.label)}
                  onClick={() => onRemove(original)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </Table.Td>
            )}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </TableBox>
  );
}

function AddForm({ onClose }: { onClose: () => void }) {
  const [label, setLabel] = useState("");
  const [sha256, setSha256] = useState("");
  const register = useRegister();
  const wrong = sha256 !== "" && !/^[0-9a-f]{64}$/.test(sha256);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate({ label: label.trim(), sha256 }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={words.originals.label}
          required
          maxLength={200}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        <TextInput
          label={words.originals.sha}
          description={words.originals.shaHint}
          required
          ff="monospace"
          error={wrong && words.originals.shaWrong}
          value={sha256}
          onChange={(event) => setSha256(event.currentTarget.value.trim().toLowerCase())}
        />
        <Button type="submit" loading={register.isPending} disabled={!label.trim() || !sha256 || wrong}>
          {words.originals.add}
        </Button>
      </Stack>
    </form>
  );
}

function Remove({ original, onClose }: { original: Original | null; onClose: () => void }) {
  const remove = useRemoveOriginal();
  return (
    <Modal
      opened={original !== null}
      onClose={onClose}
      title={words.originals.removeTitle}
      closeButtonProps={{ "aria-label": words.close }}
    >
      <Text mb="md">{words.originals.removeText}</Text>
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>{words.cancel}</Button>
        <Button
          color="red"
          loading={remove.isPending}
          onClick={() => original && remove.mutate(original.id, { onSuccess: onClose })}
        >
          {words.originals.removeYes}
        </Button>
      </Group>
    </Modal>
  );
}
