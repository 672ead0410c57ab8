import { Button } from "@mantine/core";
import { IconBolt } from "@tabler/icons-react";
import { Component, type ReactNode } from "react";
import { words } from "@/words";
import { Empty } from "./states";

/** Catches what breaks while a page is drawn, so that the rest of the workbench stays usable. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Empty icon={IconBolt} title={words.brokenTitle} text={words.brokenText}>
        <Button variant="light" onClick={() => location.reload()}>
          {words.reload}
        </Button>
      </Empty>
    );
  }
}
