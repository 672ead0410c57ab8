import { Button, Group, Modal, Stack, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { words } from "@/words";
import { useOpenCase } from "./queries";

/** A dialogue that opens a case and goes there. */
export function NewCase({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title={words.cases.new} closeButtonProps={{ "aria-label": words.close }}>
      <CaseForm onClose={onClose} />
    </Modal>
  );
}

function CaseForm({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState("");
  const [description, setDescription] = useState("");
  const [, go] = useLocation();
  const open = useOpenCase();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.mutate(
      { title: title.trim(), description: description.trim() },
      { onSuccess: (made) => made && go(`/cases/${made.id}`) },
    );
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={words.cases.caseTitle}
          required
          maxLength={200}
          data-autofocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={words.cases.description}
          description={words.cases.descriptionHint}
          rows={4}
          maxLength={10_000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
          <Button type="submit" loading={open.isPending} disabled={!title.trim()}>
            {words.cases.create}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
