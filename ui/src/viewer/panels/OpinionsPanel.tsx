import type { Finding, FindingView } from "@/api/types";
import { probability, signed } from "@/format";
import { words } from "@/words";
import classes from "../viewer.module.css";
import { Block } from "./Block";
import table from "./opinions.module.css";

type Opinion = Finding["opinions"][number];

/** What each system and trace says; those without a say are grey, with the reason, and last. */
export function OpinionsPanel({ view: { finding, maps } }: { view: FindingView }) {
  const sorted = [...finding.opinions].sort((one, other) => Number(other.applicable) - Number(one.applicable));
  const sum = finding.log10_likelihood_ratio;
  return (
    <>
      <table className={table.opinions}>
        <thead>
          <tr>
            <th scope="col">{words.finding.opinion}</th>
            <th scope="col">{words.finding.alone}</th>
            <th scope="col">{words.finding.adds}</th>
            <td />
          </tr>
        </thead>
        {sorted.map((opinion) => (
          <Row key={opinion.system} opinion={opinion} />
        ))}
        {sum !== null && (
          <tbody data-total>
            <Figures title={words.finding.total} alone={finding.score} adds={sum} />
            <Reason text={words.finding.totalText(signed(finding.log10_constant))} />
          </tbody>
        )}
      </table>
      <p className={classes.soft}>{words.finding.opinionsText}</p>
      {finding.agreements.length > 0 && (
        <Block title={words.finding.agreements}>
          <Agreements finding={finding} maps={maps} />
        </Block>
      )}
    </>
  );
}

function Row({ opinion }: { opinion: Opinion }) {
  const { title, applicable, score, log10_likelihood_ratio: adds, outcome, reason } = opinion;
  if (!applicable)
    return (
      <tbody data-void>
        <tr>
          <th scope="row">{title}</th>
          <td colSpan={3}>{words.finding.noSay}</td>
        </tr>
        <Reason text={reason} />
      </tbody>
    );
  const says = outcome === "inconclusive" ? "" : `${words.finding.unusual[outcome]}: `;
  return (
    <tbody>
      <Figures title={title} alone={score} adds={adds} />
      <Reason text={`${says}${reason}`} />
    </tbody>
  );
}

function Figures({ title, alone, adds }: { title: string; alone: number; adds: number | null }) {
  return (
    <tr>
      <th scope="row">{title}</th>
      <td>{probability(alone)}</td>
      <td>{adds === null ? "–" : signed(adds)}</td>
      <td>{adds !== null && <Lean adds={adds} />}</td>
    </tr>
  );
}

function Reason({ text }: { text: string }) {
  return (
    <tr className={table.reason}>
      <td colSpan={4}>{text}</td>
    </tr>
  );
}

/** Which way an opinion leans, and how far: full at a hundredfold. */
function Lean({ adds }: { adds: number }) {
  const width = `${50 * Math.min(1, Math.abs(adds) / 2)}%`;
  const side = adds > 0 ? { left: "50%" } : { right: "50%" };
  return (
    <span className={table.lean} aria-hidden="true">
      <span data-plus={adds > 0 || undefined} style={{ width, ...side }} />
    </span>
  );
}

function Agreements({ finding, maps }: Pick<FindingView, "finding" | "maps">) {
  const titles = new Map(maps.map(({ name, title }) => [name, title]));
  return (
    <>
      <table className={table.agreements}>
        <thead>
          <tr>
            <th>{words.viewer.map}</th>
            <th>{words.finding.overlap}</th>
            <th>{words.finding.chance}</th>
            <th>{words.finding.brighter}</th>
          </tr>
        </thead>
        <tbody>
          {finding.agreements.map(({ name, overlap, chance, auc }) => (
            <tr key={name}>
              <td>{titles.get(name) ?? name}</td>
              <td>{Math.round(100 * overlap)} %</td>
              <td>{Math.round(100 * chance)} %</td>
              <td>{auc.toFixed(2)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.soft}>{words.finding.agreementsText}</p>
    </>
  );
}
