"""A workbench, and what is made of several of its operations."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from tamperlens.client import _types as types
from tamperlens.client._operations import Operations
from tamperlens.errors import RefusedError

_ENDED = frozenset({"done", "failed", "cancelled"})


class Workbench(Operations):
    """A workbench that a program works in.

    ```python
    from pathlib import Path

    from tamperlens.client import Workbench

    with Workbench("http://127.0.0.1:8420", "tl_…") as workbench:
        case = workbench.open_case({"title": "Claim 1234"})
        image = workbench.upload_evidence(case["id"], Path("kitchen.jpg"))
        image = workbench.wait(image["id"])
        print(image["outcome"], image["score"])
        Path("kitchen.pdf").write_bytes(workbench.report_pdf(image["id"]))
    ```

    Raises:
        RefusedError: by every operation, what the workbench refused and why, or that it does not answer.
    """

    def wait(self, evidence_id: str, *, seconds: float = 600.0, every: float = 0.5) -> types.Evidence:
        """The evidence once its examination has ended: "done", "failed" or "cancelled".

        Raises:
            RefusedError: it has not ended after so many seconds.
        """
        ends = time.monotonic() + seconds
        while True:
            one = self.show_evidence(evidence_id)
            if one["state"] in _ENDED:
                return one
            if time.monotonic() > ends:
                raise RefusedError(f"{one['name']} is still {one['state']} after {seconds:g} seconds")
            time.sleep(every)

    def each(self, pages: Callable[..., Any], *where: str, **which: Any) -> Iterator[Any]:  # noqa: ANN401
        """Every item of a list, page by page: `each(workbench.list_evidence, case_id)`."""
        page, seen, total = 1, 0, 1
        while seen < total:
            told = pages(*where, page=page, per_page=200, **which)
            yield from told["items"]
            page, seen, total = page + 1, seen + len(told["items"]), told["total"]
            if not told["items"]:
                return
