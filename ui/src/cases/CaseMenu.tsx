import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconPencil } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Case } from "@/api/types";
import { words } from "@/words";
import { useChangeCase } from "./queries";

/** What the owner may do with a case as a whole. */
export function CaseMenu({ item }: { item: Case }) {
  const [editing, setEditing] = useState(false);
  const change = useChangeCase(item);
  return (
    <Group gap="xs">
      <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
        {words.case.edit}
      </Button>
      <Button
        variant="default"
        leftSection={item.closed ? <IconArchiveOff size={16} /> : <IconArchive size={16} />}
        loading={change.isPending}
        onClick={() => change.mutate({ closed: !item.closed })}
      >
        {item.closed ? words.case.reopen : words.case.close}
      </Button>
      <Modal
        opened={editing}
        onClose={() => setEditing(false)}
        title={words.case.details}
        closeButtonProps={{ "aria-label": words.close }}
      >
        <Details item={item} onClose={() => setEditing(false)} />
      </Modal>
    </Group>
  );
}

function Details({ item, onClose }: { item: Case; onClose: () => void }) {
  const [title, setTitle] = useState(item.title);
  const [description, setDescription] = useState(item.description);
  const change = useChangeCase(item);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ title: title.trim(), description: description.trim() }, { onSuccess: onClose });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={words.cases.caseTitle}
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={words.cases.description}
          description={words.cases.descriptionHint}
          rows={5}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" loading={change.isPending} disabled={!title.trim()}>{words.save}</Button>
        </Group>
      </Stack>
    </form>
  );
}
