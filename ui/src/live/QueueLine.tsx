import { Progress } from "@mantine/core";
import { words } from "@/words";
import classes from "./live.module.css";
import type { Queue } from "./useLive";

/** How many images of a case still wait, and how long that takes; nothing when none does. */
export function QueueLine({ queue }: { queue: Queue | null }) {
  if (!queue || queue.waiting + queue.running === 0) return null;
  const done = queue.total - queue.waiting - queue.running;
  return (
    <div className={classes.queue} role="status">
      <span>
        {words.live.queue(done, queue.total)}
        {queue.ahead > 0 && ` · ${words.live.ahead(queue.ahead)}`}
        {queue.per_minute !== null && ` · ${words.live.rate(queue.per_minute)}`}
        {queue.seconds_left !== null && ` · ${words.live.left(queue.seconds_left)}`}
      </span>
      <Progress value={(100 * done) / queue.total} size="sm" aria-label={words.live.queue(done, queue.total)} />
    </div>
  );
}
