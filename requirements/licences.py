"""Every locked package with its licence, and the copyleft libraries inside; fails where one is not allowed.

python requirements/licences.py        in the environment that the locks made
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

FOLDER = Path(__file__).parent
# Libraries under the GPL or LGPL that packages of pictures, sound and cryptography are known to carry.
COPYLEFT = re.compile(
    r"lib(av(codec|format|util|filter|device)|sw(scale|resample)|x264|x265|heif|de265|kvazaar|gmp|gnutls|"
    r"hogweed|nettle|unistring|mp3lame|asound|fribidi|raw|exiv2|readline|rsvg|pango|cairo|glib)\b"
)


def main() -> int:
    """Print the list; 1 where something is not allowed."""
    problems = []
    for name, version, in_release in locked():
        licence, inside, why = licence_of(name, in_release)
        mark = "release" if in_release else "dev"
        print(f"{mark:8}{name:36}{version:18}{licence}{''.join(f'; holds {one}' for one in inside)}")
        problems += [f"{name}: {one}" for one in why]
    for problem in problems:
        print(problem, file=sys.stderr)
    return int(bool(problems))


def locked() -> Iterator[tuple[str, str, bool]]:
    """Name and version of each locked package, and whether it is in the release."""
    pattern = re.compile(r"^([a-z0-9-]+)==(\S+)", re.MULTILINE)
    release, dev = (
        dict(pattern.findall((FOLDER / file).read_text(encoding="utf-8")))
        for file in ("release.txt", "dev.txt")
    )
    for name, version in sorted({**dev, **release}.items()):
        yield name, version, name in release


def licence_of(name: str, in_release: bool) -> tuple[str, list[str], list[str]]:
    """Licence, copyleft libraries inside, and what is wrong with either."""
    rules = tomllib.loads((FOLDER / "licences.toml").read_text(encoding="utf-8"))
    try:
        found: Distribution | None = distribution(name)
    except PackageNotFoundError:  # of another system
        found = None
    licence = rules["packages"].get(name) or (found and found.metadata.get("License-Expression")) or ""
    parts = rules["bundled"].get(name, {})
    allowed = {*rules["release"], *(() if in_release else rules["dev"])}
    named = [
        part for part in re.split(r"\s+(?:AND|OR|WITH)\s+|[()]", licence) if part and "exception" not in part
    ]
    problems = (
        [] if named or not found else ["its data name no licence; look it up and add it to licences.toml"]
    )
    problems += [f"{part} is not allowed" for part in (*named, *parts.values()) if part not in allowed]
    for library in sorted(_libraries(found) if found else ()):
        if not any(re.search(pattern, library) for pattern in parts):
            problems.append(f"{library} is under a copyleft licence and not listed in licences.toml")
    return licence or "not installed here", [f"{libs} ({spdx})" for libs, spdx in parts.items()], problems


def _libraries(found: Distribution) -> set[str]:
    """Copyleft libraries among a package's files."""
    names = (
        path.name for path in found.files or () if ".so" in path.name or path.suffix in {".dll", ".dylib"}
    )
    return {match[0] for name in names if (match := COPYLEFT.match(name))}


if __name__ == "__main__":
    sys.exit(main())
