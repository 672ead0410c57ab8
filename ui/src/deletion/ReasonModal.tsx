import { Button, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { words } from "@/words";

interface ReasonModalProps {
  title: string;
  text: string;
  /** What is done, on the button. */
  act: string;
  opened: boolean;
  busy: boolean;
  /** Of the button; red is for what cannot be undone. */
  color?: string;
  /** Whether everything else that is asked has been given. */
  ready?: boolean;
  /** What else is asked, before the reason. */
  children?: ReactNode;
  onClose: () => void;
  onReason: (reason: string) => void;
}

const LEAST = 3;
const MOST = 2000;

/** Asks why, before something is done that is recorded with the reason. */
export function ReasonModal({ opened, title, onClose, ...form }: ReasonModalProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ "aria-label": words.close }}>
      {opened && <ReasonForm {...form} onClose={onClose} />}
    </Modal>
  );
}

function ReasonForm({ text, act, busy, color = "red", ready = true, children, onClose, onReason }: Omit<ReasonModalProps, "opened" | "title">) {
  const [reason, setReason] = useState("");
  const said = reason.trim();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onReason(said);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>{text}</Text>
        {children}
        <TextInput
          label={words.deletion.reason}
          description={words.deletion.reasonHint}
          required
          data-autofocus={children ? undefined : true}
          maxLength={MOST}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>{words.cancel}</Button>
          <Button type="submit" color={color} loading={busy} disabled={!ready || said.length < LEAST}>{act}</Button>
        </Group>
      </Stack>
    </form>
  );
}
