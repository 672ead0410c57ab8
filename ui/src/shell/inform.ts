import { notifications } from "@mantine/notifications";
import { words } from "@/words";

/** Say in passing what was done. */
export function inform(message: string): void {
  notifications.show({ message, closeButtonProps: { "aria-label": words.close } });
}
