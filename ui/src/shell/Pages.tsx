import { Group, Pagination } from "@mantine/core";
import { words } from "@/words";

interface PagesProps {
  listed: { total: number; page: number; per_page: number } | undefined;
  onPage: (page: number) => void;
}

/** The way through a long list; nothing when it fits on one page. */
export function Pages({ listed, onPage }: PagesProps) {
  const pages = listed ? Math.ceil(listed.total / listed.per_page) : 1;
  if (!listed || pages < 2) return null;
  return (
    <Group justify="center" mt="lg" component="nav" aria-label={words.pages}>
      <Pagination
        total={pages}
        value={listed.page}
        onChange={onPage}
        getItemProps={(page) => ({ "aria-label": words.page(page, pages) })}
        getControlProps={(control) => ({ "aria-label": words.pageControls[control] })}
      />
    </Group>
  );
}
