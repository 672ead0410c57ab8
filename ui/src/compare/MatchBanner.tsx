import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { IconFingerprint } from "@tabler/icons-react";
import { Link } from "wouter";
import { api } from "@/api/client";
import type { Evidence } from "@/api/types";
import { words } from "@/words";
import classes from "./compare.module.css";

/** That the image equals or looks like a registered original, and the way to lay the two against each other. */
export function MatchBanner({ item }: { item: Evidence }) {
  const { match } = item;
  const found = useQuery({
    queryKey: ["evidence", item.id, "match", match?.id],
    queryFn: async () =>
      (await api.GET("/api/v1/evidence/{evidence_id}/match", { params: { path: { evidence_id: item.id } } })).data,
    enabled: match !== null,
  });
  if (!match) return null;
  const original = found.data?.evidence_id;
  const isSame = match.how === "exact";
  return (
    <div className={classes.banner} role="region" aria-label={words.file.original}>
      <IconFingerprint size={18} aria-hidden="true" />
      <span>
        {words.case.match(match.label, match.how)}. {isSame ? words.compare.exact : words.compare.near(match.distance)}
      </span>
      {original && !isSame && (
        <Button component={Link} href={`/compare/${item.id}/${original}`} size="compact-sm" variant="default">
          {words.compare.withOriginal}
        </Button>
      )}
      {found.data && !original && !isSame && <span className={classes.soft}>{words.compare.hidden}</span>}
    </div>
  );
}
