"""Write the OpenAPI document: `python -m tamperlens.service.document FILE`."""

import json
import sys
import tempfile
from pathlib import Path

from tamperlens.service._settings import Settings
from tamperlens.service.web import create_app


def write_document(path: Path) -> None:
    """Write the content of /openapi.json with sorted keys."""
    with tempfile.TemporaryDirectory() as home:
        app = create_app(Settings(Path(home)))
        with app.app_context():
            text = json.dumps(app.spec, indent=1, ensure_ascii=False, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_document(Path(sys.argv[1]))
