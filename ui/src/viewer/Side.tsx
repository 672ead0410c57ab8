import { Tabs } from "@mantine/core";
import type { Annotation, Evidence, FindingView } from "@/api/types";
import { words } from "@/words";
import type { Reason } from "./panels/Answer";
import { ConclusionPanel } from "./panels/ConclusionPanel";
import { FilePanel } from "./panels/FilePanel";
import { FindingPanel } from "./panels/FindingPanel";
import { MapsPanel } from "./panels/MapsPanel";
import { OpinionsPanel } from "./panels/OpinionsPanel";
import type { Box } from "./view";
import classes from "./viewer.module.css";

interface SideProps {
  item: Evidence;
  view: FindingView;
  mayWrite: boolean;
  map: string | null;
  tab: string;
  onTab: (tab: string) => void;
  onMap: (map: string | null) => void;
  onReason: (reason: Reason) => void;
  onChoose: (box: Box) => void;
  onAnnotation: (one: Annotation) => void;
}

/** Everything that is said of the image, a subject a tab. */
export function Side({ item, view, mayWrite, map, tab, onTab, onMap, onReason, onChoose, onAnnotation }: SideProps) {
  const panels = {
    finding: <FindingPanel {...{ item, view, onReason, onChoose }} />,
    maps: <MapsPanel maps={view.maps} map={map} onMap={onMap} />,
    opinions: <OpinionsPanel says={view.says} />,
    file: <FilePanel item={item} view={view} />,
    conclusion: <ConclusionPanel {...{ item, view, mayWrite, onAnnotation }} />,
  };
  const names = Object.keys(panels) as (keyof typeof panels)[];
  return (
    <aside className={classes.side} aria-label={words.finding.panels}>
      <Tabs value={tab} onChange={(next) => onTab(next ?? names[0] ?? "")} className={classes.tabs ?? ""} keepMounted={false}>
        <Tabs.List>
          {names.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {words.finding.tabs[name]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {names.map((name) => (
          <Tabs.Panel key={name} value={name} className={classes.panel ?? ""} tabIndex={0}>
            {panels[name]}
          </Tabs.Panel>
        ))}
      </Tabs>
    </aside>
  );
}
