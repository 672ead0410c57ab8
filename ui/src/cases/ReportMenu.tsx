import { Button, Menu } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import type { Case } from "@/api/types";
import { words } from "@/words";

const ANNEX = [0, 1] as const;

/** The case on paper, without or with every record. */
export function ReportMenu({ item }: { item: Case }) {
  return (
    <Menu position="bottom-end" shadow="md" width={280}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconFileText size={16} />}>{words.caseReport.title}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.caseReport.text}</Menu.Label>
        {ANNEX.map((annex) => (
          <Menu.Item key={annex} component="a" href={`/api/v1/cases/${item.id}/report.pdf?annex=${annex}`} download>
            {words.caseReport.contents[annex]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
