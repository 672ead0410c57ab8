import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { IconCloudOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { words } from "@/words";
import { connectionFine, connectionLost, useIsLost } from "./connection";
import classes from "./live.module.css";

// Milliseconds between two looks whether the server is back.
const AGAIN = 4_000;

/** Tells that the connection or the server is gone, and tries until it is back. */
export function Banner() {
  const isLost = useIsLost();
  const queries = useQueryClient();
  const [trying, setTrying] = useState(false);

  const look = async () => {
    setTrying(true);
    const isBack = await fetch("/api/v1/health", { cache: "no-store", signal: AbortSignal.timeout(AGAIN) }).then(({ ok }) => ok, () => false);
    setTrying(false);
    if (!isBack) return;
    connectionFine();
    // What was asked for meanwhile got no answer, and what was changed meanwhile was not heard.
    await queries.refetchQueries({ type: "active", predicate: ({ queryKey }) => queryKey[0] !== "finding" && queryKey[2] !== "drafts" });
  };

  useEffect(() => {
    if (!isLost) return;
    const timer = window.setInterval(() => void look(), AGAIN);
    return () => window.clearInterval(timer);
  });
  useEffect(() => {
    window.addEventListener("offline", connectionLost);
    return () => window.removeEventListener("offline", connectionLost);
  }, []);

  if (!isLost) return null;
  return (
    <div className={classes.banner} role="alert">
      <IconCloudOff size={18} aria-hidden="true" />
      <span>{words.live.lost}</span>
      <Button size="compact-sm" variant="default" loading={trying} onClick={() => void look()}>
        {words.retry}
      </Button>
    </div>
  );
}
