import { ActionIcon, Menu } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { language, words } from "@/words";
import { choose, type Language, LANGUAGES } from "@/words/language";

/** The languages by their own names; whoever cannot read the page finds theirs by the sign. */
export function LanguageMenu() {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={words.nav.language} title={words.nav.language}>
          <IconLanguage size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={language} onChange={(next) => choose(next as Language)}>
          {Object.entries(LANGUAGES).map(([tag, { name }]) => (
            <Menu.RadioItem key={tag} value={tag} lang={tag}>
              {name}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  );
}
