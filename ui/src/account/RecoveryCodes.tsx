import { Button, CopyButton, Group } from "@mantine/core";
import { words } from "@/words";
import classes from "./account.module.css";

/** Codes for when the phone is lost, shown this once. */
export function RecoveryCodes({ codes, onKept }: { codes: readonly string[]; onKept: () => void }) {
  return (
    <section aria-label={words.factor.codesTitle}>
      <h3>{words.factor.codesTitle}</h3>
      <p className={classes.soft}>{words.factor.codesText}</p>
      <ul className={classes.codes} aria-label={words.factor.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Group>
        <CopyButton value={codes.join("\n")}>
          {({ copied, copy }) => <Button variant="light" onClick={copy}>{copied ? words.copied : words.copy}</Button>}
        </CopyButton>
        <Button onClick={onKept}>{words.factor.kept}</Button>
      </Group>
    </section>
  );
}
