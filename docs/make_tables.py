"""The lists of traces and systems in the docs, from the code: `python docs/make_tables.py` writes them."""

import re
from pathlib import Path

from tamperlens.catalogue import SYSTEMS
from tamperlens.examine import DEFAULT_LOCALIZER
from tamperlens.traces import TRACES, Needs

DOCS = Path(__file__).parent


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _needs(needs: Needs) -> str:
    parts = [f"a {' or '.join(needs.formats)} file"] if needs.formats else []
    parts += [f"a shorter side of {needs.least_side} px"] if needs.least_side else []
    parts += [f"quality {needs.least_quality} or more in a JPEG"] if needs.least_quality else []
    return ", ".join(parts) or "any image"


def traces() -> str:
    """Every trace: what it is called, whether it has a say, what it needs."""
    return _table(
        ("trace", "title", "has a say", "needs", "12 Mpx on one core"),
        [
            (
                f"[{one.name}](#{one.name})",
                one.title,
                "yes" if one.fused else "no, to look at",
                _needs(one.needs),
                f"{one.cost.time(12_000_000):.1f} s" if one.cost else "not planned",
            )
            for one in TRACES.values()
        ],
    )


def systems() -> str:
    """Every system: what it answers, how it judges, and where it is asked."""
    reads = {
        "where": "every pixel",
        "whole": "the whole image, reduced",
        "patches": "patch by patch",
        "how": "the marked part",
    }
    return _table(
        ("system", "title", "answers", "reads", "asked"),
        [
            (
                f"[{one.name}](card-{one.name}.md)",
                one.title,
                one.answers,
                reads[one.task],
                "by default" if one.name == DEFAULT_LOCALIZER or one.kinds else "with `--system`",
            )
            for one in SYSTEMS.values()
        ],
    )


TABLES = {"traces.md": traces, "systems.md": systems}


def written(page: str, text: str) -> str:
    """The page with its list as the code has it."""
    pattern = r"(<!-- list, by docs/make_tables.py -->\n).*?(\n<!-- end of list -->)"
    done, count = re.subn(pattern, lambda m: m[1] + TABLES[page]() + m[2], text, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"{page} has {count} places for its list; expected 1")
    return done


if __name__ == "__main__":
    for name in TABLES:
        path = DOCS / name
        path.write_text(written(name, path.read_text(encoding="utf-8")), encoding="utf-8")
