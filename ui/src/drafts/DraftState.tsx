import { Button, Group } from "@mantine/core";
import { words } from "@/words";
import classes from "./drafts.module.css";
import type { Draft } from "./useDraft";

/** Whether what is written is kept, and the way to drop it. */
export function DraftState({ draft }: { draft: Draft }) {
  if (draft.keeping === "none") return null;
  return (
    <Group gap="xs" justify="space-between" className={classes.state ?? ""}>
      <span role="status">{words.drafts[draft.keeping]}</span>
      <Button variant="subtle" size="compact-sm" onClick={draft.drop}>
        {words.drafts.drop}
      </Button>
    </Group>
  );
}
