import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconFolderSymlink, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { Evidence } from "@/api/types";
import { DeleteImage } from "@/deletion/DeleteImage";
import { MoveImage } from "@/moving/MoveImage";
import { words } from "@/words";

/** What may be done with an image besides examining and reading it. */
export interface Powers {
  mayMove: boolean;
  mayDelete: boolean;
}

interface ImageMenuProps extends Powers {
  item: Evidence;
  size?: "md" | "lg";
  onMoved?: () => void;
  onDeleted?: () => void;
}

/** Move an image to another case, or delete it; nothing for who may do neither. */
export function ImageMenu({ item, mayMove, mayDelete, size = "md", onMoved, onDeleted }: ImageMenuProps) {
  const [asked, setAsked] = useState<"move" | "delete" | null>(null);
  const onClose = () => setAsked(null);
  if (!mayMove && !mayDelete) return null;
  return (
    <>
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={size} aria-label={words.case.more(item.name)}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {mayMove && (
            <Menu.Item leftSection={<IconFolderSymlink size={16} />} onClick={() => setAsked("move")}>
              {words.moving.image}
            </Menu.Item>
          )}
          {mayDelete && (
            <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setAsked("delete")}>
              {words.deletion.image}
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      <MoveImage item={item} opened={asked === "move"} {...{ onClose, onMoved }} />
      <DeleteImage item={item} opened={asked === "delete"} {...{ onClose, onDeleted }} />
    </>
  );
}
