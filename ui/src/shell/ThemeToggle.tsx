import { ActionIcon, Tooltip, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { IconMoon, IconSun } from "@tabler/icons-react";
import { useMediaQuery } from "@mantine/hooks";
import { words } from "@/words";

/** Dark or light: as the system has it, until somebody chooses the other, which the browser remembers. */
export function ThemeToggle() {
  // Mantine would stop transitions by a style element, which the content security policy refuses.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const dark = useComputedColorScheme("dark") === "dark";
  const isSystemDark = useMediaQuery("(prefers-color-scheme: dark)");
  const next = dark ? "light" : "dark";
  const isSystems = (next === "dark") === isSystemDark;
  const label = dark ? words.nav.toLight : words.nav.toDark;
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={() => setColorScheme(isSystems ? "auto" : next)}>
        {dark ? <IconSun size={18} /> : <IconMoon size={18} />}
      </ActionIcon>
    </Tooltip>
  );
}
