import { SegmentedControl, Select, Slider, Switch } from "@mantine/core";
import type { FindingView } from "@/api/types";
import { percent } from "@/format";
import { words } from "@/words";
import classes from "./viewer.module.css";

export type Mode = keyof typeof words.viewer.modes;

/** How photograph and map are laid against each other. */
export interface Looks {
  opacity: number;
  outline: boolean;
  copies: boolean;
}

interface ToolbarProps {
  view: FindingView;
  looks: Looks;
  mode: Mode;
  onMode: (mode: Mode) => void;
  map: string | null;
  onLooks: (looks: Looks) => void;
  onMap: (map: string | null) => void;
}

const MODES = Object.entries(words.viewer.modes).map(([value, label]) => ({ value, label }));

/** Mode, map, opacity and marks. */
export function Toolbar({ view, looks, mode, onMode, map, onLooks, onMap }: ToolbarProps) {
  const three = mode === "three";
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={words.viewer.mode}>
      <SegmentedControl
        data={MODES}
        value={mode}
        aria-label={words.viewer.mode}
        onChange={(next) => onMode(next as Mode)}
      />
      {!three && (
        <Select
          aria-label={words.viewer.map}
          data={view.maps.map(({ name, title }) => ({ value: name, label: title }))}
          value={map}
          placeholder={words.viewer.noMap}
          lang={map ? "en" : undefined}
          renderOption={({ option }) => <span lang="en">{option.label}</span>}
          clearable
          clearButtonProps={{ "aria-label": words.viewer.noMap }}
          maxDropdownHeight={420}
          w={200}
          onChange={onMap}
        />
      )}
      {mode === "overlay" && map && <Opacity looks={looks} onLooks={onLooks} />}
      <span className={classes.marks}>
        {view.says.answer.outlined && view.outline.length > 0 && (
          <Switch
            label={words.viewer.outline}
            checked={looks.outline}
            onChange={(event) => onLooks({ ...looks, outline: event.currentTarget.checked })}
          />
        )}
        {view.finding.copies.length > 0 && (
          <Switch
            label={words.viewer.copies}
            checked={looks.copies}
            onChange={(event) => onLooks({ ...looks, copies: event.currentTarget.checked })}
          />
        )}
      </span>
    </div>
  );
}

function Opacity({ looks, onLooks }: { looks: Looks; onLooks: (looks: Looks) => void }) {
  return (
    <label className={classes.opacity}>
      <span>{words.viewer.opacity}</span>
      <Slider
        thumbLabel={words.viewer.opacity}
        value={percent(looks.opacity)}
        step={5}
        label={(value) => words.percent(value)}
        onChange={(value) => onLooks({ ...looks, opacity: value / 100 })}
      />
    </label>
  );
}
