import { Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { words } from "@/words";

interface LineModalProps extends LineFormProps {
  opened: boolean;
  title: ReactNode;
}

/** Asks for a line of text that replaces the one that is there. */
export function LineModal({ opened, title, ...form }: LineModalProps) {
  return (
    <Modal opened={opened} onClose={form.onClose} title={title} closeButtonProps={{ "aria-label": words.close }}>
      {opened && <LineForm {...form} />}
    </Modal>
  );
}

interface LineFormProps {
  label: string;
  hint?: string;
  /** What is there now. */
  value: string;
  type?: "text" | "email";
  maxLength: number;
  required?: boolean;
  busy: boolean;
  onClose: () => void;
  onLine: (line: string) => void;
}

function LineForm({ label, hint, value, type = "text", maxLength, required = false, busy, onClose, onLine }: LineFormProps) {
  const [line, setLine] = useState(value);
  const said = line.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onLine(said);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          {...{ label, type, maxLength, required }}
          description={hint}
          data-autofocus
          value={line}
          onChange={(event) => setLine(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" loading={busy} disabled={said === value || (required && !said)}>{words.save}</Button>
        </Group>
      </Stack>
    </form>
  );
}
