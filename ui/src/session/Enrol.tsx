import { useQueryClient } from "@tanstack/react-query";
import { FactorSetUp } from "@/account/FactorSetUp";
import { words } from "@/words";
import { Gate } from "./Gate";

/** Before anything else, where the workbench demands it: one's second factor. */
export function Enrol() {
  const queries = useQueryClient();
  return (
    <Gate title={words.factor.demandedTitle} text={words.factor.demanded}>
      <FactorSetUp onDone={() => void queries.invalidateQueries({ queryKey: ["session"] })} />
    </Gate>
  );
}
