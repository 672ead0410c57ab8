import type { Evidence } from "@/api/types";
import { inform } from "@/shell/inform";
import { words } from "@/words";
import { useDeleteImage } from "./queries";
import { ReasonModal } from "./ReasonModal";

interface DeleteImageProps {
  item: Pick<Evidence, "id" | "name">;
  opened: boolean;
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
}

/** Asks why an image is deleted, and deletes it. */
export function DeleteImage({ item, opened, onClose, onDeleted }: DeleteImageProps) {
  const remove = useDeleteImage(item.id, (made) => {
    inform(words.deletion.deleted(made?.images ?? 1));
    onClose();
    onDeleted?.();
  });
  return (
    <ReasonModal
      {...{ opened, onClose }}
      onReason={remove.mutate}
      title={words.deletion.image}
      text={words.deletion.imageText(item.name)}
      act={words.deletion.delete}
      busy={remove.isPending}
    />
  );
}
