import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import type { ReportView } from "@/api/types";
import type { Reason } from "./Answer";
import card from "./answer.module.css";

interface ReasonsProps {
  answer: ReportView["answer"];
  onReason: (reason: Reason) => void;
}

// Parts of a step of the evidence chain, in their order; the card's labels name them.
const PARTS = ["here", "rest", "witness", "harmless", "refute"] as const;

/** The strongest reasons. A click shows where one is seen, and unfolds its step of the evidence. */
export function Reasons({ answer: { reasons, labels }, onReason }: ReasonsProps) {
  const [open, setOpen] = useState<string | null>(null);
  const press = (reason: Reason) => {
    if (open !== reason.name) onReason(reason);
    setOpen(open === reason.name ? null : reason.name);
  };
  return (
    <ul className={card.reasons}>
      {reasons.map((reason) => (
        <li key={reason.name} data-altered={reason.altered}>
          <button type="button" aria-expanded={open === reason.name} onClick={() => press(reason)}>
            <span>
              <strong>{reason.title}</strong> <small>{reason.towards}</small>
            </span>
            <span className={card.adds}>{reason.adds}</span>
            <IconChevronDown size={16} aria-hidden="true" />
          </button>
          {open === reason.name && (
            <dl>
              {PARTS.filter((part) => reason[part]).map((part) => (
                <div key={part}>
                  <dt>{labels[part]}</dt>
                  <dd>{reason[part]}</dd>
                </div>
              ))}
            </dl>
          )}
        </li>
      ))}
    </ul>
  );
}
