import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { type ReactNode, useCallback, useEffect, useState } from "react";
import { type AroundNavHandler, Router } from "wouter";
import { words } from "@/words";
import { anyBegun, leave, useAnyBegun } from "./begun";

/** Asks whoever leaves a page, or the workbench, with words that are not recorded. */
export function Leaving({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<(() => void) | null>(null);
  const begun = useAnyBegun();

  useEffect(() => {
    if (!begun) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [begun]);

  const around = useCallback<AroundNavHandler>((navigate, to, options) => {
    const same = new URL(String(to), location.href).pathname === location.pathname;
    if (same || !anyBegun()) navigate(to, options);
    else setAsked(() => () => navigate(to, options));
  }, []);

  const go = () => {
    leave();
    asked?.();
    setAsked(null);
  };
  return (
    <Router aroundNav={around}>
      {children}
      <Modal
        opened={asked !== null}
        onClose={() => setAsked(null)}
        title={words.drafts.leaveTitle}
        closeButtonProps={{ "aria-label": words.close }}
      >
        <Stack>
          <Text>{words.drafts.leaveText}</Text>
          <Group justify="flex-end">
            <Button variant="default" onClick={go}>
              {words.drafts.leave}
            </Button>
            <Button onClick={() => setAsked(null)} data-autofocus>
              {words.drafts.stay}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Router>
  );
}
