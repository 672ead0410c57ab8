import type { FindingView } from "@/api/types";
import { words } from "@/words";
import type { Box } from "../view";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import { Gauge } from "./Gauge";
import { Kinds } from "./Kinds";

/** The outcome, what it means, where to look, and what cannot be told. */
export function FindingPanel({ view, onChoose }: { view: FindingView; onChoose: (box: Box) => void }) {
  const { finding, headline, meaning, support } = view;
  return (
    <>
      <Gauge outcome={finding.outcome} headline={headline} score={finding.score} thresholds={finding.thresholds} />
      <p>{meaning}</p>
      {support && <p>{support}</p>}
      <p className={classes.soft}>{words.finding.scoreMeans}</p>
      <Block title={words.finding.where}>
        <Parts finding={finding} onChoose={onChoose} />
      </Block>
      {finding.copies.length > 0 && (
        <Block title={words.finding.copies}>
          <Copies finding={finding} onChoose={onChoose} />
        </Block>
      )}
      <Block title={words.finding.kinds}>
        <Kinds kinds={finding.kinds} likeliest={finding.kind} />
      </Block>
      {finding.counter_tests.length > 0 && (
        <Block title={words.finding.counterTests}>
          <p className={classes.soft}>{words.finding.counterTestsText}</p>
          <ul>
            {finding.counter_tests.map(({ name, outcome, score }) => (
              <li key={name}>{words.finding.counterTest(name, words.outcomes[outcome], score.toFixed(2))}</li>
            ))}
          </ul>
        </Block>
      )}
      <Block title={words.finding.limits}>
        <ul>
          {finding.limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </Block>
    </>
  );
}

interface ListProps {
  finding: FindingView["finding"];
  onChoose: (box: Box) => void;
}

function Parts({ finding, onChoose }: ListProps) {
  if (finding.patches.length === 0) return <p className={classes.soft}>{words.finding.nowhere}</p>;
  return (
    <>
      <p className={classes.soft}>{words.finding.whereText}</p>
      <div className={classes.choices}>
        {finding.patches.map((part, i) => (
          <button key={i} type="button" className={classes.choice} onClick={() => onChoose(part)}>
            <span>{words.finding.part(i + 1, part.width, part.height, part.left, part.top)}</span>
            <strong>{part.score.toFixed(2)}</strong>
          </button>
        ))}
      </div>
    </>
  );
}

function Copies({ finding, onChoose }: ListProps) {
  return (
    <>
      <p className={classes.soft}>{words.finding.copiesText}</p>
      <div className={classes.choices}>
        {finding.copies.map((pair, i) => (
          <button
            key={i}
            type="button"
            className={classes.choice}
            onClick={() => onChoose(around(pair.source, pair.target))}
          >
            <span>
              {words.finding.pair(i + 1)}:{" "}
              {words.finding.pairText(
                pair.scale.toFixed(2),
                String(Math.round(pair.angle) + 0),
                pair.mirrored,
                pair.significance.toFixed(1),
              )}
            </span>
          </button>
        ))}
      </div>
    </>
  );
}

/** The smallest box that holds both. */
export function around(one: Box, other: Box): Box {
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  return {
    left,
    top,
    width: Math.max(one.left + one.width, other.left + other.width) - left,
    height: Math.max(one.top + one.height, other.top + other.height) - top,
  };
}
