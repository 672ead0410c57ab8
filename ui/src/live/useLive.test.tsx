import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Evidence } from "@/api/types";
import { connectionFine, useIsLost } from "./connection";
import { QueueLine } from "./QueueLine";
import { useLive } from "./useLive";
import { MantineProvider } from "@mantine/core";

/** A stream that the test speaks through; the browser's own needs a server. */
class Stream extends EventTarget {
  static readonly CLOSED = 2;
  static open: Stream[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  closed = false;

  constructor(readonly url: string) {
    super();
    Stream.open.push(this);
  }

  close() {
    this.closed = true;
  }

  say(type: string, data: object) {
    act(() => void this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data) })));
  }
}

beforeEach(() => {
  Stream.open = [];
  connectionFine();
  vi.useFakeTimers();
  vi.stubGlobal("EventSource", Stream);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const LIST = ["case", "c1", "evidence", {}];
const item = (id: string): Partial<Evidence> => ({ id, state: "queued", step: "", progress: 0, thumbnail: "/t" });

function Watcher() {
  const queue = useLive("c1");
  const isLost = useIsLost();
  return (
    <>
      <p>{isLost ? "lost" : "fine"}</p>
      <QueueLine queue={queue} />
    </>
  );
}

function watch() {
  const queries = new QueryClient();
  queries.setQueryData(LIST, { items: [item("e1"), item("e2")] });
  for (const id of ["e1", "e2"]) {
    queries.setQueryData(["evidence", id], item(id));
    queries.setQueryData(["evidence", id, "drafts"], { items: [] });
    queries.setQueryData(["finding", id], {});
  }
  const drawn = render(<Watcher />, {
    wrapper: ({ children }) => (
      <MantineProvider env="test" withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={queries}>{children}</QueryClientProvider>
      </MantineProvider>
    ),
  });
  const isOld = (...queryKey: unknown[]) => queries.getQueryState(queryKey)?.isInvalidated;
  return { queries, drawn, isOld, stream: Stream.open[0] as Stream };
}

const pass = (milliseconds: number) => act(() => void vi.advanceTimersByTime(milliseconds));

test("an event changes the list and the page of that image alone", () => {
  const { queries, stream } = watch();
  expect(stream.url).toBe("/api/v1/cases/c1/events");
  stream.say("progress", { id: "e1", state: "running", step: "noise", progress: 0.4, outcome: null, score: null, error: null });
  const listed = queries.getQueryData<{ items: Evidence[] }>(LIST);
  expect(listed?.items.map(({ state, progress }) => [state, progress])).toEqual([["running", 0.4], ["queued", 0]]);
  expect(queries.getQueryData<Evidence>(["evidence", "e1"])?.step).toBe("noise");
});

test("what somebody else does is read again, but not what one is writing", () => {
  const { stream, isOld } = watch();
  stream.say("changed", { action: "concluded", evidence_id: "e1" });
  pass(1_000);
  expect([isOld(...LIST), isOld("evidence", "e1"), isOld("evidence", "e2")]).toEqual([true, true, false]);
  expect([isOld("evidence", "e1", "drafts"), isOld("finding", "e1")]).toEqual([false, false]);
  stream.say("changed", { action: "examined", evidence_id: "e2" });
  pass(1_000);
  expect(isOld("finding", "e2")).toBe(true);
});

test("that somebody looks at an image changes nothing that is shown of it", () => {
  const { stream, isOld } = watch();
  stream.say("changed", { action: "viewed", evidence_id: "e1" });
  pass(1_000);
  expect([isOld(...LIST), isOld("evidence", "e1")]).toEqual([false, false]);
});

test("silence is told, and its end too; a stream that was refused is opened anew", async () => {
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("offline")));
  const { drawn, stream } = watch();
  act(() => stream.onopen?.());
  pass(10_000);
  stream.say("alive", {});
  pass(10_000);
  expect(drawn.container).toHaveTextContent("fine");
  pass(10_000);
  expect(drawn.container).toHaveTextContent("lost");
  stream.readyState = Stream.CLOSED;
  act(() => stream.onerror?.());
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(Stream.open).toHaveLength(2);
  expect(stream.closed).toBe(true);
  act(() => Stream.open[1]?.onopen?.());
  expect(drawn.container).toHaveTextContent("fine");
});

test("the queue says how many are done, what comes between, and how long it takes", () => {
  const { drawn, stream } = watch();
  stream.say("queue", { waiting: 3, running: 1, total: 10, ahead: 2, per_minute: 4, seconds_left: 90 });
  expect(drawn.container).toHaveTextContent("6 of 10 examined · 2 images from other cases in between · 4 a minute · about 2 minutes left");
  stream.say("queue", { waiting: 0, running: 0, total: 10, ahead: 0, per_minute: 4, seconds_left: null });
  expect(drawn.container).toHaveTextContent(/^fine$/);
});
