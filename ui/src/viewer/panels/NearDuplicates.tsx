import { ActionIcon, Tooltip } from "@mantine/core";
import { IconArrowsDiff } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Evidence, NearDuplicate } from "@/api/types";
import { OutcomePill } from "@/shell/OutcomePill";
import { words } from "@/words";
import { useNearDuplicates } from "../queries";
import viewer from "../viewer.module.css";
import { Block } from "./Block";
import classes from "./near.module.css";

/** The other images that one may see that show the same, each to be opened or compared. */
export function NearDuplicates({ item }: { item: Evidence }) {
  const found = useNearDuplicates(item.id).data ?? [];
  if (found.length === 0) return null;
  return (
    <Block title={words.file.near.title}>
      <p className={viewer.soft}>{words.file.near.text}</p>
      <ul className={classes.list}>
        {found.map((other) => (
          <li key={other.id}>
            <Other other={other} item={item} />
          </li>
        ))}
      </ul>
    </Block>
  );
}

function Other({ other, item }: { other: NearDuplicate; item: Evidence }) {
  const { near } = words.file;
  return (
    <>
      {other.thumbnail ? <img src={other.thumbnail} alt="" loading="lazy" /> : <span className={classes.blank} />}
      <span className={classes.told}>
        <Link href={`/evidence/${other.id}`}>{other.name}</Link>
        <span className={viewer.soft}>
          {other.how === "exact" ? near.exact : near.perceptual(other.distance)}
          {other.case_id !== item.case_id && ` · ${other.case_title}`}
        </span>
      </span>
      {other.outcome && <OutcomePill outcome={other.outcome} quiet />}
      {item.rendition && other.thumbnail && (
        <Tooltip label={near.compare(other.name)}>
          <ActionIcon component={Link} href={`/compare/${item.id}/${other.id}`} variant="default" aria-label={near.compare(other.name)}>
            <IconArrowsDiff size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </>
  );
}
