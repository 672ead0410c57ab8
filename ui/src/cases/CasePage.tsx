import { Alert, Anchor, Group, Tabs } from "@mantine/core";
import { IconArrowLeft, IconHistory, IconPhoto, IconUsers } from "@tabler/icons-react";
import { Link, useLocation } from "wouter";
import { Refusal } from "@/api/client";
import type { Case } from "@/api/types";
import { FateMenu } from "@/deletion/FateMenu";
import { HoldNote } from "@/deletion/HoldNote";
import { useGoverns } from "@/deletion/useGoverns";
import { useLive } from "@/live/useLive";
import { mayMove } from "@/moving/mayMove";
import { Heading } from "@/shell/Heading";
import { Failure, Loading, Missing } from "@/shell/states";
import { useAddress } from "@/shell/useAddress";
import { words } from "@/words";
import { BundleMenu } from "./BundleMenu";
import { ReportMenu } from "./ReportMenu";
import { CaseMenu } from "./CaseMenu";
import { EvidencePanel } from "./EvidencePanel";
import { HistoryPanel } from "./HistoryPanel";
import { useCase } from "./queries";
import { SharingPanel } from "./SharingPanel";

/** A case: its images, with whom it is shared, what happened in it. */
export default function CasePage({ id }: { id: string }) {
  const found = useCase(id);
  if (found.isPending) return <Loading />;
  if (found.error instanceof Refusal && found.error.status === 404) return <Missing />;
  if (!found.data) return <Failure error={found.error as Error} retry={() => void found.refetch()} />;
  return <Found item={found.data} />;
}

const SHOWN: Record<"tab", string> = { tab: "evidence" };

function Found({ item }: { item: Case }) {
  const owns = item.access === "owner";
  const governs = useGoverns(item);
  const [, go] = useLocation();
  const mayWrite = item.access !== "read" && !item.closed;
  const [{ tab }, show] = useAddress(SHOWN);
  const queue = useLive(item.id);
  return (
    <>
      <Heading
        title={item.title}
        lead={item.description}
        above={
          <Anchor component={Link} href="/" size="sm" display="inline-flex" style={{ alignItems: "center", gap: 4 }}>
            <IconArrowLeft size={15} /> {words.case.back}
          </Anchor>
        }
      >
        <Group gap="xs">
          <ReportMenu item={item} />
          <BundleMenu item={item} />
          {owns && <CaseMenu item={item} />}
          {governs && (
            <FateMenu
              item={{ ...item, images: item.evidence }}
              label={words.deletion.more}
              onDeleted={() => go("/", { replace: true })}
            />
          )}
        </Group>
      </Heading>
      {item.hold && <HoldNote hold={item.hold} />}
      {item.closed && <Alert color="yellow" mb="md">{words.case.closedNote}</Alert>}
      {item.access === "read" && <Alert color="violet" mb="md">{words.case.readOnly}</Alert>}
      <Tabs value={tab} onChange={(next) => show({ tab: next ?? SHOWN.tab }, true)} keepMounted={false}>
        <Tabs.List mb="lg">
          <Tabs.Tab value="evidence" leftSection={<IconPhoto size={16} />}>{words.case.evidence}</Tabs.Tab>
          <Tabs.Tab value="sharing" leftSection={<IconUsers size={16} />}>{words.case.sharing}</Tabs.Tab>
          <Tabs.Tab value="history" leftSection={<IconHistory size={16} />}>{words.case.history}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="evidence">
          <EvidencePanel id={item.id} mayWrite={mayWrite} mayMove={mayMove(item)} mayDelete={governs && !item.hold} queue={queue} />
        </Tabs.Panel>
        <Tabs.Panel value="sharing"><SharingPanel item={item} /></Tabs.Panel>
        <Tabs.Panel value="history"><HistoryPanel id={item.id} /></Tabs.Panel>
      </Tabs>
    </>
  );
}
