"""The folder of `examine --out`: what is there is kept, what is new is added, nothing is overwritten."""

import hashlib
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tamperlens.errors import TamperlensError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FINDINGS, _SHOWN = "findings.json", "index.json"
# While the work goes on, finished results are written this often.
_SAVE_SECONDS = 10.0
Row = dict[str, Any]


class Results:
    """Rows and index entries by file.

    Args:
        folder: must exist.
        asked: options and versions that files are examined with.
        force: examine files again that have results already.

    Raises:
        TamperlensError: the folder's findings cannot be read.
    """

    def __init__(self, folder: Path, asked: "Mapping[str, Any]", force: bool) -> None:
        self.folder, self.force = folder, force
        self.asked = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:16]
        self.rows: dict[str, Row] = {row["file"]: row for row in self._read(_FINDINGS, [])}
        self.shown: dict[str, dict[str, str]] = self._read(_SHOWN, {})
        self.before, self._saved = set(self.rows), time.monotonic()

    def kept(self, shown: str, path: str) -> Row | None:
        """The existing row of a file; None if the file has to be examined.

        Args:
            shown: the file as the caller named it.
            path: file with its bytes.

        Raises:
            TamperlensError: its row was made with other options or versions, and may not be replaced.
        """
        row, entry = self.rows.get(shown), self.shown.get(shown)
        if self.force or shown not in self.before or row is None or entry is None:
            return None
        if not (self.folder / entry["report"]).is_file() or _digest(path) != row.get("sha256"):
            return None
        if entry["asked"] != self.asked:
            raise TamperlensError(
                f"{self.folder} holds a finding for {shown} made with other options or versions; choose "
                "another --out, or replace it with --force"
            )
        return row

    def add(self, row: Row, entry: dict[str, str] | None) -> None:
        """Add a row, and write all of them from time to time."""
        self.rows[row["file"]] = row
        if entry:
            kept = {name: entry[name] for name in ("report", "thumbnail", "tiny")}
            self.shown[row["file"]] = {**kept, "asked": self.asked}
        if time.monotonic() - self._saved > _SAVE_SECONDS:
            self.save()

    def save(self) -> Path:
        """Write findings, index and table; returns the index."""
        from tamperlens.report import write_cards, write_index, write_whole

        rows = list(self.rows.values())
        write_whole(self.folder / _FINDINGS, json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        write_whole(self.folder / _SHOWN, json.dumps(self.shown, ensure_ascii=False) + "\n")
        write_cards(self.folder)
        index = write_index(rows, self.shown, self.folder)
        self._saved = time.monotonic()
        return index

    def _read(self, name: str, empty: Any) -> Any:  # noqa: ANN401 - plain data
        path = self.folder / name
        if not path.exists():
            return empty
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise TamperlensError(f"{path} cannot be read: {error}; choose another --out") from error
        if not isinstance(found, type(empty)):
            raise TamperlensError(f"{path} was not written by 'tamperlens examine'; choose another --out")
        return found


def _digest(path: str) -> str:
    try:
        with Path(path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
