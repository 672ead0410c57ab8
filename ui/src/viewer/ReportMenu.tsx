import { Button, Menu, Modal } from "@mantine/core";
import { IconDownload, IconEye, IconFileText, IconGavel, IconPhotoDown } from "@tabler/icons-react";
import { useState } from "react";
import type { Evidence } from "@/api/types";
import { words } from "@/words";
import classes from "./viewer.module.css";

const FORMATS = ["html", "pdf", "json"] as const;

/** The report on screen, and on the way out. */
export function ReportMenu({ item, reports }: { item: Evidence; reports: Record<string, string> }) {
  const [shown, setShown] = useState(false);
  return (
    <>
      <Menu position="bottom-end" shadow="md" width={300}>
        <Menu.Target>
          <Button leftSection={<IconFileText size={16} />}>{words.report.title}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEye size={16} />} onClick={() => setShown(true)}>
            {words.report.preview}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label>{words.report.download}</Menu.Label>
          {FORMATS.filter((format) => reports[format]).map((format) => (
            <Menu.Item
              key={format}
              component="a"
              href={`${reports[format]}?download=1`}
              download
              leftSection={<IconDownload size={16} />}
            >
              {words.report.formats[format]}
            </Menu.Item>
          ))}
          {reports.pdf ? (
            <Menu.Item component="a" href={`/api/v1/cases/${item.case_id}/report.pdf?evidence=${item.id}`} download leftSection={<IconGavel size={16} />}>
              {words.report.withPeople}
            </Menu.Item>
          ) : (
            <Menu.Label>{words.report.noPdf}</Menu.Label>
          )}
          <Menu.Divider />
          <Menu.Item
            component="a"
            href={`/api/v1/evidence/${item.id}/original`}
            download
            leftSection={<IconPhotoDown size={16} />}
          >
            {words.report.original}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={shown}
        onClose={() => setShown(false)}
        title={words.report.title}
        size="min(72rem, 96vw)"
        closeButtonProps={{ "aria-label": words.close }}
      >
        <iframe
          className={classes.report}
          sandbox="allow-scripts"
          src={reports.html}
          title={words.report.frame(item.name)}
        />
      </Modal>
    </>
  );
}
