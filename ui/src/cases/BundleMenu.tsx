import { Button, Menu } from "@mantine/core";
import { IconFileCertificate } from "@tabler/icons-react";
import type { Case } from "@/api/types";
import { words } from "@/words";

const CONTENTS = [0, 1] as const;

/** The case as one signed file, without or with the images. */
export function BundleMenu({ item }: { item: Case }) {
  return (
    <Menu position="bottom-end" shadow="md" width={280}>
      <Menu.Target>
        <Button variant="default" leftSection={<IconFileCertificate size={16} />}>{words.bundle.title}</Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{words.bundle.text}</Menu.Label>
        {CONTENTS.map((originals) => (
          <Menu.Item key={originals} component="a" href={`/api/v1/cases/${item.id}/bundle?originals=${originals}`} download>
            {words.bundle.contents[originals]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href="/api/v1/signing-key" download>{words.bundle.key}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
