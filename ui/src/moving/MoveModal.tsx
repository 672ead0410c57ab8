import { useState } from "react";
import { CaseSelect } from "@/cases/CaseSelect";
import { ReasonModal } from "@/deletion/ReasonModal";
import { words } from "@/words";

interface MoveModalProps {
  /** The case that the images are in. */
  caseId: string;
  title: string;
  opened: boolean;
  busy: boolean;
  onClose: () => void;
  onMove: (to: string, reason: string) => void;
}

/** Asks into which case images move, and why. */
export function MoveModal({ caseId, onMove, ...modal }: MoveModalProps) {
  const [to, setTo] = useState<string | null>(null);
  return (
    <ReasonModal
      {...modal}
      text={words.moving.text}
      act={words.moving.move}
      color="violet"
      ready={to !== null}
      onReason={(reason) => to && onMove(to, reason)}
    >
      <CaseSelect except={caseId} value={to} onChange={setTo} />
    </ReasonModal>
  );
}
