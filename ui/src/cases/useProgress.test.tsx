import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Evidence } from "@/api/types";
import { useProgress } from "./useProgress";

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
  vi.stubGlobal("EventSource", Stream);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const LIST = ["case", "c1", "evidence", {}];
const item = (id: string): Partial<Evidence> => ({ id, state: "queued", step: "", progress: 0, thumbnail: "/t" });

function Watcher({ busy }: { busy: boolean }) {
  return <p>{useProgress("c1", busy) ? "lost" : "fine"}</p>;
}

function watch(busy = true) {
  const queries = new QueryClient();
  queries.setQueryData(LIST, { items: [item("e1"), item("e2")] });
  queries.setQueryData(["evidence", "e1"], item("e1"));
  const drawn = render(<Watcher busy={busy} />, {
    wrapper: ({ children }) => <QueryClientProvider client={queries}>{children}</QueryClientProvider>,
  });
  return { queries, drawn, stream: Stream.open[0] as Stream };
}

test("nothing is asked for while nothing is examined", () => {
  watch(false);
  expect(Stream.open).toHaveLength(0);
});

test("an event changes the list and the page of that image alone", () => {
  const { queries, stream } = watch();
  expect(stream.url).toBe("/api/cases/c1/progress");
  stream.say("progress", { id: "e1", state: "running", step: "noise", progress: 0.4, outcome: null, score: null, error: null });
  const listed = queries.getQueryData<{ items: Evidence[] }>(LIST);
  expect(listed?.items.map(({ state, progress }) => [state, progress])).toEqual([["running", 0.4], ["queued", 0]]);
  expect(queries.getQueryData<Evidence>(["evidence", "e1"])?.step).toBe("noise");
});

test("the end closes the stream and reads the case again", () => {
  const { queries, stream } = watch();
  stream.say("end", {});
  expect(stream.closed).toBe(true);
  expect(queries.getQueryState(LIST)?.isInvalidated).toBe(true);
});

test("an interruption that lasts is told, its end too; a stream that was refused is opened anew", () => {
  vi.useFakeTimers();
  const { drawn, stream } = watch();
  act(() => stream.onerror?.());
  act(() => stream.onopen?.());
  act(() => void vi.advanceTimersByTime(60_000));
  expect(drawn.container).toHaveTextContent("fine");
  stream.readyState = Stream.CLOSED;
  act(() => stream.onerror?.());
  act(() => void vi.advanceTimersByTime(60_000));
  expect(drawn.container).toHaveTextContent("lost");
  expect(Stream.open).toHaveLength(2);
  act(() => Stream.open[1]?.onopen?.());
  expect(drawn.container).toHaveTextContent("fine");
});
