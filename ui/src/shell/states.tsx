import { Button, Skeleton, Stack } from "@mantine/core";
import { type Icon, IconCloudOff, IconMapSearch, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { words } from "@/words";
import { Said } from "./Said";
import classes from "./shell.module.css";

/** Rows of grey while something is being read. */
export function Loading({ rows = 4, height = 64 }: { rows?: number; height?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label={words.loading}>
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} height={height} radius="md" />
      ))}
    </Stack>
  );
}

interface EmptyProps {
  icon: Icon;
  title: string;
  text: ReactNode;
  /** "h1" where the page has no other title. */
  heading?: "h1" | "h2";
  children?: ReactNode;
}

/** Nothing to show, and what to do about it. */
export function Empty({ icon: Sign, title, text, heading: Title = "h2", children }: EmptyProps) {
  return (
    <div className={classes.state}>
      <Sign size={44} stroke={1.4} />
      <Title>{title}</Title>
      <p>{text}</p>
      {children}
    </div>
  );
}

/** Something could not be read. */
export function Failure({ error, retry }: { error: Error; retry?: () => void }) {
  return (
    <div role="alert">
      <Empty icon={IconCloudOff} title={words.failedTitle} text={<Said error={error} />}>
        {retry && (
          <Button variant="light" onClick={retry}>
            {words.retry}
          </Button>
        )}
      </Empty>
    </div>
  );
}

/** Something that was there and was deleted: when, by whom and why. */
export function Deleted({ error }: { error: Error }) {
  return (
    <Empty icon={IconTrash} title={words.deletion.goneTitle} text={<Said error={error} />} heading="h1">
      <Button component={Link} href="/" variant="light">
        {words.toCases}
      </Button>
    </Empty>
  );
}

/** An address that leads nowhere. */
export function Missing() {
  return (
    <Empty icon={IconMapSearch} title={words.missingTitle} text={words.missingText} heading="h1">
      <Button component={Link} href="/" variant="light">
        {words.toCases}
      </Button>
    </Empty>
  );
}
