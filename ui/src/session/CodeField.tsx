import { TextInput } from "@mantine/core";
import { words } from "@/words";

interface CodeFieldProps {
  value: string;
  onChange: (code: string) => void;
  label?: string;
}

/** A code of the second factor. */
export function CodeField({ value, onChange, label = words.session.code }: CodeFieldProps) {
  return (
    <TextInput
      label={label}
      description={words.session.codeHint}
      autoComplete="one-time-code"
      autoCapitalize="off"
      spellCheck={false}
      autoFocus
      required
      maxLength={40}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
