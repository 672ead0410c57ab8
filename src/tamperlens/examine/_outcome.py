"""The three answers an examination may give."""

from typing import Literal

Outcome = Literal["consistent", "inconsistent", "inconclusive"]
