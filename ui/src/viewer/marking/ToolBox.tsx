import { ActionIcon, Tooltip } from "@mantine/core";
import { IconLasso, IconPolygon, IconRulerMeasure, IconSquare, IconZoom } from "@tabler/icons-react";
import { words } from "@/words";
import classes from "./marking.module.css";
import { type Tool } from "./shapes";

const SIGNS: Record<Tool, typeof IconSquare> = {
  rectangle: IconSquare,
  outline: IconLasso,
  loupe: IconZoom,
  distance: IconRulerMeasure,
  area: IconPolygon,
};

interface ToolBoxProps {
  tool: Tool | null;
  mayWrite: boolean;
  onTake: (tool: Tool | null) => void;
}

/** What one may take into the hand: two tools that mark, for who may write; the loupe; two that measure. */
export function ToolBox({ tool, mayWrite, onTake }: ToolBoxProps) {
  const names = (Object.keys(SIGNS) as Tool[]).filter((name) => mayWrite || !(name === "rectangle" || name === "outline"));
  return (
    <div className={classes.tools} role="toolbar" aria-orientation="vertical" aria-label={words.marking.tools}>
      {names.map((name) => {
        const Sign = SIGNS[name];
        return (
          <Tooltip key={name} label={words.marking.tool[name]} position="right">
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={words.marking.tool[name]}
              aria-pressed={tool === name}
              onClick={() => onTake(tool === name ? null : name)}
            >
              <Sign size={18} />
            </ActionIcon>
          </Tooltip>
        );
      })}
    </div>
  );
}
