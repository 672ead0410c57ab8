import { notifications } from "@mantine/notifications";
import type { ReactNode } from "react";
import { words } from "@/words";

/** Say in passing what was done. */
export function inform(message: ReactNode): void {
  notifications.show({ message, closeButtonProps: { "aria-label": words.close } });
}
