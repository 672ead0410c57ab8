import type { Case } from "@/api/types";
import { useSession } from "@/session/session";

/** Whether the reader may hold or delete a case: its owner, and administrators. */
export function useGoverns(item: Case | undefined): boolean {
  const isAdministrator = useSession().data?.role === "administrator";
  return item !== undefined && (isAdministrator || item.access === "owner");
}
