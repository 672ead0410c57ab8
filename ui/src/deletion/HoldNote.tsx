import { Alert } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import type { Hold } from "@/api/types";
import { when } from "@/format";
import { words } from "@/words";

/** That a case is held, by whom and why. */
export function HoldNote({ hold }: { hold: Hold }) {
  return (
    <Alert color="yellow" mb="md" icon={<IconLock size={18} />} title={words.deletion.held}>
      {words.deletion.heldBy(hold.by, when(hold.at))} {hold.reason}
    </Alert>
  );
}
