import type { Evidence } from "@/api/types";
import { inform } from "@/shell/inform";
import { words } from "@/words";
import { MoveModal } from "./MoveModal";
import { useMoveImage } from "./queries";

interface MoveImageProps {
  item: Pick<Evidence, "id" | "name" | "case_id">;
  opened: boolean;
  onClose: () => void;
  onMoved?: (() => void) | undefined;
}

/** Asks into which case an image moves, and moves it. */
export function MoveImage({ item, opened, onClose, onMoved }: MoveImageProps) {
  const move = useMoveImage(item.id, () => {
    inform(words.moving.moved(1));
    onClose();
    onMoved?.();
  });
  const onMove = (case_id: string, reason: string) => move.mutate({ case_id, reason });
  return <MoveModal caseId={item.case_id} title={words.moving.image} busy={move.isPending} {...{ opened, onClose, onMove }} />;
}
