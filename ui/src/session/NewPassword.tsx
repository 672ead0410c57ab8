import { Button, PasswordInput, Stack } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { Complaint } from "@/shell/Said";
import { words } from "@/words";

/** The server refuses shorter ones. */
export const SHORTEST = 12;

/** What is wrong with a new password; null when nothing is. */
export function passwordProblem(password: string, repeated: string): string | null {
  if (password.length < SHORTEST) return words.session.tooShort(SHORTEST);
  return password === repeated ? null : words.session.differs;
}

interface NewPasswordProps {
  submit: string;
  pending: boolean;
  error: Error | null;
  onSubmit: (password: string) => void;
  /** Fields above the password. */
  children?: ReactNode;
}

/** A password typed twice. */
export function NewPassword({ submit, pending, error, onSubmit, children }: NewPasswordProps) {
  const [password, setPassword] = useState("");
  const [repeated, setRepeated] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const found = passwordProblem(password, repeated);
    setProblem(found);
    if (!found) onSubmit(password);
  };
  const short = problem === words.session.tooShort(SHORTEST);
  return (
    <form onSubmit={send} noValidate>
      <Stack gap="md">
        <Complaint error={error} />
        {children}
        <PasswordInput
          label={words.session.newPassword}
          description={words.session.passwordHint(SHORTEST)}
          autoComplete="new-password"
          required
          value={password}
          error={short && problem}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label={words.session.repeat}
          autoComplete="new-password"
          required
          value={repeated}
          error={!short && problem}
          onChange={(event) => setRepeated(event.currentTarget.value)}
        />
        <Button type="submit" size="md" loading={pending}>
          {submit}
        </Button>
      </Stack>
    </form>
  );
}
