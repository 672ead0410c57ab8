"""Coverage-guided fuzzing of everything that reads a file before its pixels are examined.

    pip install atheris
    python benchmarks/hostile/fuzz_evidence.py CORPUS -max_total_time=300 -rss_limit_mb=3000

Atheris watches which branches of `tamperlens.evidence` an input reaches. An empty CORPUS folder is
filled with the seeds of hostile_files.py and with files of hostile_parts.py first. Anything but
`EvidenceError` is a crash, and kept as a file.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tamperlens.evidence"]):
    from tamperlens.errors import EvidenceError
    from tamperlens.evidence import Limits, load_evidence, read_statements

LIMITS = Limits(max_pixels=1_000_000)


def take(data: bytes) -> None:
    """One input: evidence, statements, coefficients, or one sentence."""
    try:
        evidence = load_evidence(data, LIMITS, name="hostile.jpg")
        read_statements(evidence)
        evidence.coefficients()
    except EvidenceError:
        return


def main() -> None:
    from hostile_files import seeds  # noqa: PLC0415 - they import the package, which must be instrumented first
    from hostile_parts import part_mutations  # noqa: PLC0415
    from hostile_structures import structured  # noqa: PLC0415

    folders = [Path(word) for word in sys.argv[1:] if not word.startswith("-")]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            damaged = dict(part_mutations(0, 500, 0))
            for name, data in (seeds() | structured() | damaged).items():
                (folder / name).write_bytes(data)
    atheris.Setup(sys.argv, take)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
