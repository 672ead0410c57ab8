import { Alert, Button } from "@mantine/core";
import { IconShieldCheck } from "@tabler/icons-react";
import { useState } from "react";
import { Pages } from "@/shell/Pages";
import { Records } from "@/shell/Records";
import { Failure, Loading } from "@/shell/states";
import { words } from "@/words";
import classes from "./admin.module.css";
import { useLedger, useVerification } from "./queries";
import { Sections } from "./Sections";

/** Every record, and the check that none was edited, removed or put elsewhere. */
export default function Ledger() {
  const [page, setPage] = useState(1);
  const ledger = useLedger(page);
  const verification = useVerification();
  return (
    <>
      <Sections
        title={words.admin.ledger}
        lead={words.admin.ledgerText}
        action={
          <Button
            leftSection={<IconShieldCheck size={18} />}
            loading={verification.isPending}
            onClick={() => verification.mutate()}
          >
            {words.admin.verify}
          </Button>
        }
      />
      {verification.data && <Verdict found={verification.data} />}
      {ledger.isPending && <Loading />}
      {ledger.error && <Failure error={ledger.error} retry={() => void ledger.refetch()} />}
      {ledger.data && <Records records={ledger.data.items} />}
      <Pages listed={ledger.data} onPage={setPage} />
    </>
  );
}

interface Found {
  intact: boolean;
  records: number;
  head: string;
  problem: string | null;
}

function Verdict({ found }: { found: Found }) {
  const text = found.intact ? words.admin.intact(found.records) : words.admin.broken;
  return (
    <Alert role="status" color={found.intact ? "green" : "red"} title={text} mb="lg">
      {found.problem && <p lang="en">{found.problem}</p>}
      <div>
        {words.admin.head}: <span className={classes.head}>{found.head}</span>
      </div>
      <div>{words.admin.headText}</div>
    </Alert>
  );
}
