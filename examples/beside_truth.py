"""Print what was found beside the truth: python examples/beside_truth.py out."""

import csv
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table


def main(folder: Path) -> None:
    """Print a line a sample."""
    with (Path(__file__).parent / "truth.csv").open(encoding="utf-8") as file:
        truth = {row["file"]: row["truth"] for row in csv.DictReader(file)}
    table = Table(box=None, pad_edge=False)
    for name in ("sample", "answer", "truth"):
        table.add_column(name)
    with (folder / "findings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = Path(row["file"]).name
            if name in truth:
                table.add_row(name, row["answer"], truth[name])
    Console().print(table)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
