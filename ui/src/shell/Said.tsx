import { Alert } from "@mantine/core";
import { Refusal } from "@/api/client";

/** What went wrong, marked as English where the server says it. */
export function Said({ error }: { error: Error }) {
  return <span lang={error instanceof Refusal ? error.lang : undefined}>{error.message}</span>;
}

/** The same as a notice; nothing without an error. */
export function Complaint({ error }: { error: Error | null }) {
  return error && <Alert color="red" role="alert"><Said error={error} /></Alert>;
}

/** A sentence of the page that holds words of the server, which are English. */
export function Quoting({ text, said }: { text: string; said: string | null }) {
  const at = said ? text.indexOf(said) : -1;
  if (!said || at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <span lang="en">{said}</span>
      {text.slice(at + said.length)}
    </>
  );
}
