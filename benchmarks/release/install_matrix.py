"""Install the wheel into a clean environment of each supported Python, and let it test itself there.

    python benchmarks/release/install_matrix.py [--python python3.12 ...] [--json FILE]

Without `--python` it takes python3.11, 3.12 and 3.13 as far as they are found. Each environment gets the
wheel with its core dependencies and nothing else; the self-test runs in an empty folder.
"""

import argparse
import json
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SUPPORTED = ("python3.11", "python3.12", "python3.13")


def run(*command: object, cwd: Path = ROOT) -> str:
    return subprocess.run(
        [str(word) for word in command], cwd=cwd, check=True, capture_output=True, text=True, encoding="utf-8"
    ).stdout


def build_wheel(folder: Path) -> Path:
    run(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--wheel-dir", folder, ROOT)
    return next(folder.glob("tamperlens-*.whl"))


def measure(python: str, wheel: Path, folder: Path) -> dict[str, object]:
    """Install and test with one Python; a failure is a row too."""
    environment, elsewhere = Path(tempfile.mkdtemp(dir=folder)), Path(tempfile.mkdtemp(dir=folder))
    row: dict[str, object] = {"python": python}
    try:
        row["python"] = run(python, "--version").strip()
        run(python, "-m", "venv", environment)
        started = time.monotonic()
        run(environment / "bin/python", "-m", "pip", "install", "-q", wheel)
        row["install_seconds"] = round(time.monotonic() - started, 1)
        started = time.monotonic()
        row["self_test"] = run(environment / "bin/tamperlens", "self-test", cwd=elsewhere).splitlines()
        row["self_test_seconds"] = round(time.monotonic() - started, 1)
        row["passed"] = True
        frozen = run(environment / "bin/python", "-m", "pip", "freeze").splitlines()
        row["packages"] = [line for line in frozen if "tamperlens" not in line]
    except subprocess.CalledProcessError as error:
        row |= {"passed": False, "said": f"{error.stdout}{error.stderr}"[-2000:]}
    except FileNotFoundError as error:
        row |= {"passed": False, "said": str(error)}
    row["megabytes"] = size(environment)
    shutil.rmtree(environment, ignore_errors=True)
    return row


def size(folder: Path) -> int:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--python", action="append", help="interpreter; may be repeated")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    pythons = options.python or [name for name in SUPPORTED if shutil.which(name)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build_wheel(folder)
        print(f"{wheel.name}: {wheel.stat().st_size / 1e6:.1f} MB")
        rows = []
        for python in pythons:
            rows.append(measure(python, wheel, folder))
            shown = ("python", "passed", "install_seconds", "self_test_seconds", "megabytes", "said")
            print(*(f"{key} {rows[-1][key]}" for key in shown if key in rows[-1]), sep=", ", flush=True)
        wheel_bytes = wheel.stat().st_size
    if options.json:
        machine = f"{platform.system()} {platform.machine()}"
        content = {"machine": machine, "wheel_bytes": wheel_bytes, "rows": rows}
        options.json.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    sys.exit(0 if rows and all(row["passed"] for row in rows) else 1)


if __name__ == "__main__":
    main()
