import { ActionIcon, Tooltip } from "@mantine/core";
import { IconFocusCentered, IconMinus, IconPlus, IconZoomScan } from "@tabler/icons-react";
import type OpenSeadragon from "openseadragon";
import { words } from "@/words";
import classes from "./stage.module.css";
import type { Size } from "./view";

/** Zoom by buttons, for those without a wheel. */
export function Zoomers({ viewer, size }: { viewer: OpenSeadragon.Viewer | null; size: Size }) {
  if (!viewer) return null;
  const viewport = viewer.viewport;
  const step = (factor: number) => () => {
    viewport.zoomBy(factor);
    viewport.applyConstraints();
  };
  const toPixel = () => viewport.zoomTo(size.width / viewer.container.clientWidth);
  const actions = [
    { label: words.viewer.zoomIn, icon: IconPlus, act: step(1.6) },
    { label: words.viewer.zoomOut, icon: IconMinus, act: step(1 / 1.6) },
    { label: words.viewer.zoomFit, icon: IconZoomScan, act: () => viewport.goHome() },
    { label: words.viewer.zoomPixel, icon: IconFocusCentered, act: toPixel },
  ];
  return (
    <div className={classes.zoomers}>
      {actions.map(({ label, icon: Icon, act }) => (
        <Tooltip key={label} label={label}>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={label} onClick={act}>
            <Icon size={18} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
