"""What a verification found: one line per check."""

from dataclasses import dataclass
from typing import Literal

State = Literal["passed", "failed", "not possible", "not asked"]


@dataclass(frozen=True)
class Check:
    """One thing that was checked.

    Attributes:
        name: what was checked.
        state: the result; "not possible" if it was asked for and something is missing.
        says: what that means, a sentence.
    """

    name: str
    state: State
    says: str

    @property
    def holds(self) -> bool:
        """Whether it does not count against the bundle."""
        return self.state in {"passed", "not asked"}
