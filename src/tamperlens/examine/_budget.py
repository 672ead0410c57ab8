"""What one examination may cost, and which analyses are left out to stay within that."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from tamperlens.errors import ImageTooLargeError, WeightError
from tamperlens.examine._systems import title
from tamperlens.traces import TRACES, Cost

COSTS_PATH = Path(__file__).parent / "costs.json"

Result = TypeVar("Result")

# There is no finding without these, so they are done whatever they cost.
DECODING, HISTORY, FUSING = "decoding", "history", "fusing"
# Safety factor on the memory in the measured table.
_MARGIN = 1.1

TIME, MEMORY = "time budget", "memory budget"


@dataclass(frozen=True)
class Budget:
    """What one examination may cost.

    Attributes:
        time: seconds from the decoded image to the finding; None for no limit.
        memory: peak memory of the process in bytes; None for no limit.
    """

    time: float | None = None
    memory: int | None = None

    @property
    def described(self) -> dict[str, str]:
        """Each limit in words, for a finding's versions; empty if nothing is limited."""
        time_limit = {} if self.time is None else {TIME: f"{self.time:g} s"}
        return time_limit | ({} if self.memory is None else {MEMORY: _gigabytes(self.memory)})


@cache
def costs(path: Path = COSTS_PATH) -> Mapping[str, Cost]:
    """The measured table of the steps that are not traces: step → cost.

    Raises:
        WeightError: the file is missing or incomplete.
    """
    try:
        steps = json.loads(path.read_bytes())["steps"]
        return MappingProxyType({name: Cost(**values) for name, values in steps.items()})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise WeightError(
            f"the table of costs {path} is incomplete: {error!r}; install the package again"
        ) from error


def cost_of(step: str) -> Cost:
    """What a step costs; a trace carries its own cost.

    Raises:
        WeightError: it was never measured.
    """
    known = TRACES[step].cost if step in TRACES else costs().get(step)
    if known is None:
        raise WeightError(f"the cost of the step '{step}' was never measured: run benchmarks/cost/costs.py")
    return known


class Plan:
    """Decides before each step of one examination which of the remaining steps are left out.

    The table holds costs on one machine. They are scaled to this machine by the time the finished steps took.

    Args:
        budget: what the examination may cost.
        pixels: number of pixels of the image.
        required: steps that are never left out.
        optional: steps that may be left out.
        clock: returns seconds since any fixed moment.

    Raises:
        ImageTooLargeError: the required steps do not fit into the memory.
    """

    def __init__(
        self,
        budget: Budget,
        pixels: int,
        required: Sequence[str] = (),
        optional: Sequence[str] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.budget, self.left_out = budget, dict[str, str]()
        self._pixels, self._clock, self._began = pixels, clock, clock()
        self._optional = set(optional)
        self._todo = dict.fromkeys([*required, *optional])
        self._estimated = self._taken = 0.0
        if budget.memory is not None:
            self._fit_memory(budget.memory, required)

    def allows(self, step: str) -> bool:
        """Whether to do a step now, given the machine's speed so far."""
        self._fit_time()
        return step not in self.left_out

    def finished(self, step: str) -> None:
        """Note that a step is done, or does not apply; it costs nothing from now on."""
        self._todo.pop(step, None)

    def do(self, step: str, work: Callable[[], Result]) -> Result:
        """Do a step, and learn the machine's speed from it."""
        began = self._clock()
        try:
            return work()
        finally:
            self.finished(step)
            self._taken += self._clock() - began
            self._estimated += cost_of(step).time(self._pixels)

    def without(self, reason: str) -> tuple[str, ...]:
        """Steps that were left out for this reason."""
        return tuple(step for step, why in self.left_out.items() if why == reason)

    @property
    def overrun(self) -> bool:
        """Whether the time budget is exceeded in spite of what was left out."""
        return self.budget.time is not None and self._elapsed > self.budget.time

    @property
    def _elapsed(self) -> float:
        return self._clock() - self._began

    @property
    def _pace(self) -> float:
        """How many times slower this machine is than that of the table."""
        return self._taken / self._estimated if self._estimated else 1.0

    def _cost(self, step: str) -> float:
        return cost_of(step).time(self._pixels) * self._pace

    def _fit_time(self) -> None:
        """Leave out the costliest remaining steps until the rest fits."""
        if self.budget.time is None:
            return
        left = self.budget.time - self._elapsed
        while sum(map(self._cost, self._todo)) > left and (open_ := self._optional & set(self._todo)):
            self._leave_out(max(sorted(open_), key=self._cost), TIME)

    def _fit_memory(self, memory: int, required: Sequence[str]) -> None:
        needed = max((cost_of(step).memory(self._pixels) for step in required), default=0.0) * _MARGIN
        if needed > memory:
            raise ImageTooLargeError(
                f"an image of {self._pixels / 1e6:.1f} Mpx needs about {_gigabytes(needed)}; the memory "
                f"budget is {_gigabytes(memory)} (examine --max-memory sets another)"
            )
        for step in sorted(self._optional):
            if cost_of(step).memory(self._pixels) * _MARGIN > memory:
                self._leave_out(step, MEMORY)

    def _leave_out(self, step: str, reason: str) -> None:
        self.left_out[step] = reason
        del self._todo[step]


def budget_limits(plan: Plan) -> Iterator[str]:
    """Sentences on what a finding under a budget cannot tell; none without a budget."""
    for reason in (TIME, MEMORY):
        if left := plan.without(reason):
            names = ", ".join(map(title, left))
            yield f"Not measured, because of the {reason} of {plan.budget.described[reason]}: {names}."
    if plan.left_out:
        yield (
            "The error rates were measured with every analysis that applies. An analysis that was left out "
            "cannot clear an image: none is called consistent without it."
        )
    if plan.budget.time is not None:
        yield (
            "With a time budget, what is left out depends on the machine and its load; the same file may "
            "give a different finding."
        )
    if plan.overrun:
        yield (
            f"The examination took longer than its time budget of {plan.budget.described[TIME]}, because the "
            "localizer, the file's history and the fusion are never left out."
        )


def _gigabytes(count: float) -> str:
    return f"{count / 2**30:.2f} GiB"
