"""Write the lock files anew: every package with the hashes of all its files; no registry is named.

    python requirements/lock.py UV        where UV is the program; `make lock` installs it

Versions that are installed are kept where they still fit, so that what is locked is what was tested.
"""

import re
import subprocess
import sys
import tempfile
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
# Of the release image. `video` is left out: PyAV's files hold encoders under the GPL.
RELEASE = ("pdf", "provenance", "custody", "serve", "postgresql", "redis", "scan")
# Their files differ by machine, and come from elsewhere: see README.md.
NEVER = re.compile(r"torch|triton|nvidia-.*|cuda-.*")
PYTHON = "3.11.5"


def main() -> None:
    """Write release.txt, dev.txt and tools.txt."""
    uv = sys.argv[1]
    release = [word for extra in RELEASE for word in ("--extra", extra)]
    _write(uv, "release.txt", ["pyproject.toml", *release, "--group", "build"])
    _write(uv, "dev.txt", ["pyproject.toml", "--all-extras", "--group", "dev", "--group", "build"])
    _write(uv, "tools.txt", ["requirements/tools.in"])


def _write(uv: str, name: str, what: list[str]) -> None:
    known = {one.name: one.version for one in distributions() if not NEVER.fullmatch(one.name.lower())}
    with tempfile.TemporaryDirectory() as folder:
        pins, out = Path(folder) / "installed.txt", Path(folder) / name
        pins.write_text("".join(f"{one}=={version}\n" for one, version in known.items()), encoding="utf-8")
        options = ["--generate-hashes", "--universal", "--python-version", PYTHON, "--constraint", str(pins)]
        plain = ["--no-header", "--no-annotate", "--no-emit-index-url", "--quiet", "--output-file", str(out)]
        subprocess.run([uv, "pip", "compile", *what, *options, *plain], cwd=ROOT, check=True)
        (ROOT / "requirements" / name).write_text(_kept(out.read_text(encoding="utf-8")), encoding="utf-8")


def _kept(text: str) -> str:
    """Without what is never locked."""
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return "".join(block for block in blocks if not NEVER.fullmatch(re.split(r"[=\s\[]", block)[0]))


if __name__ == "__main__":
    main()
