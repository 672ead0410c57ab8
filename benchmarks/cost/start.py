"""What the start costs above a bare interpreter, and how large the libraries for typed data are.

    python benchmarks/cost/start.py [--runs 15]

Milliseconds of the processor. Every line is a process of its own; the shortest is taken.
"""

import argparse
import importlib.metadata
import json
import os
import subprocess
import sys
from pathlib import Path

RESULT = Path(__file__).parents[1] / "results/start.json"
FIELDS = "\n".join(f"    field{i}: float | None" for i in range(30))
STARTS = {
    "bare": "pass",
    "import tamperlens": "import tamperlens",
    "tamperlens.Options": "import tamperlens; tamperlens.Options",
    "import msgspec": "import msgspec",
    "msgspec, a struct of 30 fields": f"import msgspec\nclass A(msgspec.Struct):\n{FIELDS}",
    "import pydantic": "import pydantic",
    "pydantic, a model of 30 fields": f"import pydantic\nclass A(pydantic.BaseModel):\n{FIELDS}",
}
PACKAGES = {
    "msgspec": ("msgspec",),
    "pydantic": ("pydantic", "pydantic_core", "annotated_types", "typing_inspection"),
}


def seconds(code: str) -> float:
    """One start, in processor time: what else the machine does counts for little."""
    _, status, used = os.wait4(subprocess.Popen([sys.executable, "-c", code]).pid, 0)
    if status:
        raise SystemExit(f"this did not run: {code}")
    return used.ru_utime + used.ru_stime


def size(packages) -> float:
    """Megabytes of what is installed."""
    files = [file for name in packages for file in importlib.metadata.files(name) or ()]
    return sum(path.stat().st_size for file in files if (path := Path(str(file.locate()))).is_file()) / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=15)
    runs = parser.parse_args().runs
    taken: dict[str, list[float]] = {name: [] for name in STARTS}
    for _ in range(runs):  # in turns, so that a busy machine is unfair to none
        for name, code in STARTS.items():
            taken[name].append(seconds(code))
    bare = min(taken["bare"])
    above = {name: round(1000 * (min(values) - bare), 1) for name, values in taken.items()}
    sizes = {name: round(size(packages), 1) for name, packages in PACKAGES.items()}
    result = {
        "runs": runs,
        "bare, ms": round(1000 * bare, 1),
        "above bare, ms": above,
        "installed, MB": sizes,
    }
    RESULT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
