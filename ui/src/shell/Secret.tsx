import { Button, CopyButton, Group, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { words } from "@/words";

/** Something that is shown once, ready to be copied. */
export function Secret({ label, value }: { label: string; value: string }) {
  return (
    <Group align="flex-end" wrap="nowrap">
      <TextInput label={label} value={value} readOnly flex={1} ff="monospace" onFocus={(event) => event.target.select()} />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button
            variant="light"
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            onClick={copy}
          >
            {copied ? words.copied : words.copy}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
