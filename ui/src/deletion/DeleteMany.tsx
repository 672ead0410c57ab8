import { TextInput } from "@mantine/core";
import { useState } from "react";
import { words } from "@/words";
import { ReasonModal } from "./ReasonModal";

interface DeleteManyProps {
  count: number;
  opened: boolean;
  busy: boolean;
  onClose: () => void;
  onReason: (reason: string) => void;
}

/** Asks why many images are deleted, and how many they are, so that nobody deletes more than they think. */
export function DeleteMany({ count, ...modal }: DeleteManyProps) {
  const [typed, setTyped] = useState("");
  return (
    <ReasonModal
      {...modal}
      title={words.deletion.images(count)}
      text={words.deletion.imagesText(count)}
      act={words.deletion.delete}
      ready={typed.trim() === String(count)}
    >
      <TextInput
        label={words.deletion.number(count)}
        required
        data-autofocus
        inputMode="numeric"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
    </ReasonModal>
  );
}
