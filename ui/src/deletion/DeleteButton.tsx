import { ActionIcon, Tooltip } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useLocation } from "wouter";
import type { Evidence } from "@/api/types";
import { useCase } from "@/cases/queries";
import { words } from "@/words";
import { DeleteImage } from "./DeleteImage";
import { useGoverns } from "./useGoverns";

/** Delete the image that is shown, for who may; its case comes after it. */
export function DeleteButton({ item }: { item: Evidence }) {
  const [opened, setOpened] = useState(false);
  const [, go] = useLocation();
  const { data: owner } = useCase(item.case_id);
  const governs = useGoverns(owner);
  if (!governs || owner?.hold) return null;
  return (
    <>
      <Tooltip label={words.deletion.image}>
        <ActionIcon variant="default" size="lg" aria-label={words.deletion.image} onClick={() => setOpened(true)}>
          <IconTrash size={18} />
        </ActionIcon>
      </Tooltip>
      <DeleteImage
        item={item}
        opened={opened}
        onClose={() => setOpened(false)}
        onDeleted={() => go(`/cases/${item.case_id}`, { replace: true })}
      />
    </>
  );
}
