import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconLock, IconLockOpen, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Hold } from "@/api/types";
import { inform } from "@/shell/inform";
import { words } from "@/words";
import { useDeleteCase, useHold } from "./queries";
import { ReasonModal } from "./ReasonModal";

interface FateMenuProps {
  item: { id: string; hold: Hold | null; images: number };
  label: string;
  onDeleted?: () => void;
}

/** Hold a case, let it go, delete it. */
export function FateMenu({ item, label, onDeleted }: FateMenuProps) {
  const [asked, setAsked] = useState<"hold" | "delete" | null>(null);
  const close = () => setAsked(null);
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={label}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={item.hold ? <IconLockOpen size={16} /> : <IconLock size={16} />}
            onClick={() => setAsked("hold")}
          >
            {item.hold ? words.deletion.lift : words.deletion.hold}
          </Menu.Item>
          <Menu.Item
            color="red"
            disabled={item.hold !== null}
            leftSection={<IconTrash size={16} />}
            onClick={() => setAsked("delete")}
          >
            {words.deletion.case}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <HoldModal item={item} opened={asked === "hold"} onClose={close} />
      <DeleteModal {...{ item, onDeleted }} opened={asked === "delete"} onClose={close} />
    </>
  );
}

interface ModalProps extends Pick<FateMenuProps, "item"> {
  opened: boolean;
  onClose: () => void;
}

function HoldModal({ item, opened, onClose }: ModalProps) {
  const hold = useHold(item.id, onClose);
  const held = item.hold === null;
  const act = held ? words.deletion.hold : words.deletion.lift;
  return (
    <ReasonModal
      {...{ opened, onClose, act }}
      title={act}
      text={held ? words.deletion.holdText : words.deletion.liftText}
      busy={hold.isPending}
      onReason={(reason) => hold.mutate({ held, reason })}
    />
  );
}

function DeleteModal({ item, opened, onClose, onDeleted }: ModalProps & { onDeleted: (() => void) | undefined }) {
  const remove = useDeleteCase(item.id, (made) => {
    inform(words.deletion.deleted(made?.images ?? 0));
    onClose();
    onDeleted?.();
  });
  return (
    <ReasonModal
      {...{ opened, onClose }}
      onReason={remove.mutate}
      title={words.deletion.case}
      text={words.deletion.caseText(item.images)}
      act={words.deletion.delete}
      busy={remove.isPending}
    />
  );
}
