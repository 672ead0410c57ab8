import { Loader, Modal, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useLocation } from "wouter";
import { api } from "@/api/client";
import { words } from "@/words";
import { OutcomePill } from "./OutcomePill";
import classes from "./palette.module.css";
import type { Place } from "./places";
import type { Outcome } from "@/words";

interface PaletteProps {
  places: readonly Place[];
  opened: boolean;
  onClose: () => void;
}

/** Search across all cases, and every page of the workbench: typed, chosen by keys, opened. */
export function Palette({ places, opened, onClose }: PaletteProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={words.palette.title}
      size="lg"
      yOffset="8vh"
      closeButtonProps={{ "aria-label": words.close }}
    >
      {opened && <Search places={places} onClose={onClose} />}
    </Modal>
  );
}

interface Choice {
  href: string;
  label: string;
  about: string;
  outcome?: Outcome | null;
  thumbnail?: string | null;
}

// Of each kind; the rest is found by one more word.
const MOST = 8;

function Search({ places, onClose }: Omit<PaletteProps, "opened">) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [, navigate] = useLocation();
  const { choices, total, isFetching } = useChoices(text, places);
  const chosen = Math.min(at, choices.length - 1);
  const open = ({ href }: Choice) => {
    onClose();
    navigate(href);
  };
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const choice = choices[chosen];
    if (step) setAt((chosen + step + choices.length) % Math.max(1, choices.length));
    else if (event.key === "Enter" && choice) open(choice);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        role="combobox"
        aria-expanded
        aria-controls="palette"
        aria-activedescendant={choices.length > 0 ? `palette-${chosen}` : undefined}
        aria-label={words.palette.label}
        placeholder={words.palette.label}
        leftSection={<IconSearch size={16} />}
        rightSection={isFetching && <Loader size={16} />}
        data-autofocus
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <ul id="palette" role="listbox" aria-label={words.palette.title} className={classes.list}>
        {choices.map((choice, i) => (
          <li
            key={choice.href}
            id={`palette-${i}`}
            role="option"
            aria-selected={i === chosen}
            onMouseMove={() => setAt(i)}
            onClick={() => open(choice)}
          >
            {choice.thumbnail !== undefined && (choice.thumbnail ? <img src={choice.thumbnail} alt="" /> : <span className={classes.blank} />)}
            <span className={classes.label}>
              {choice.label}
              <small>{choice.about}</small>
            </span>
            {choice.outcome && <OutcomePill outcome={choice.outcome} quiet />}
          </li>
        ))}
      </ul>
      {text && choices.length === 0 && !isFetching && <p className={classes.hint}>{words.palette.none}</p>}
      {total > MOST && <p className={classes.hint}>{words.palette.more(total - MOST)}</p>}
      <p className={classes.hint}>{words.palette.keys}</p>
    </>
  );
}

/** Pages whose name holds the words, then cases and images that the server finds. */
function useChoices(text: string, places: readonly Place[]) {
  const [sought] = useDebouncedValue(text.trim(), 200);
  const found = useQuery({
    queryKey: ["search", sought],
    queryFn: async () => (await api.GET("/api/v1/search", { params: { query: { words: sought, per_page: MOST } } })).data,
    enabled: sought !== "",
    placeholderData: keepPreviousData,
  });
  const data = sought && text.trim() ? found.data : undefined;
  const choices: Choice[] = [
    ...places
      .filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase()))
      .map(({ href, label }) => ({ href, label, about: words.palette.page })),
    ...(data?.cases ?? []).slice(0, MOST).map(({ id, title, owner }) => ({ href: `/cases/${id}`, label: title, about: words.cases.ownedBy(owner) })),
    ...(data?.items ?? []).map((item) => ({
      href: `/evidence/${item.id}`, label: item.name, about: item.case_title, outcome: item.outcome, thumbnail: item.thumbnail,
    })),
  ];
  return { choices, total: data?.total ?? 0, isFetching: found.isFetching };
}
