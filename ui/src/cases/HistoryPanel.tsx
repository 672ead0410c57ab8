import { useState } from "react";
import { Records } from "@/shell/Records";
import { Failure, Loading } from "@/shell/states";
import { Pages } from "@/shell/Pages";
import { words } from "@/words";
import classes from "./sharing.module.css";
import { useHistory } from "./queries";

/** What the ledger holds of a case, the latest first. */
export function HistoryPanel({ id }: { id: string }) {
  const [page, setPage] = useState(1);
  const history = useHistory(id, page);
  if (history.isPending) return <Loading />;
  if (history.error) return <Failure error={history.error} />;
  return (
    <>
      <p className={classes.text}>{words.history.text}</p>
      <Records records={history.data?.items ?? []} />
      <Pages listed={history.data} onPage={setPage} />
    </>
  );
}
