"""What an examination leaves out so that it costs no more than it may."""

import pytest

from tamperlens.errors import ImageTooLargeError, WeightError
from tamperlens.evidence import encode_jpeg, load_evidence
from tamperlens.examine import DEFAULT_LOCALIZER, Budget, Examiner
from tamperlens.examine._budget import DECODING, FUSING, HISTORY, Plan, cost_of, costs
from tamperlens.traces import MEASURED

REQUIRED = (DEFAULT_LOCALIZER, HISTORY, FUSING)
OPTIONAL = (*MEASURED, "ela", "srm", "kinds")
PIXELS = 12_000_000


class Clock:
    """Time that passes when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def total(steps) -> float:
    return sum(cost_of(step).time(PIXELS) for step in steps)


def test_the_table_knows_every_step():
    assert set(costs()) | {*MEASURED, "ela", "srm"} == {DECODING, *REQUIRED, *OPTIONAL}
    assert all(cost_of(s).time(PIXELS) > 0 and cost_of(s).memory(PIXELS) > 0 for s in (*REQUIRED, *OPTIONAL))
    assert max(OPTIONAL, key=lambda step: cost_of(step).time(1_000_000)) == "copy-move"


def test_without_a_budget_nothing_is_left_out():
    plan = Plan(Budget(), PIXELS, REQUIRED, OPTIONAL)
    assert all(plan.allows(step) for step in OPTIONAL)
    assert not plan.overrun


def test_the_dearest_go_first_and_no_more_than_must():
    dearest = max(OPTIONAL, key=lambda step: total([step]))
    clock = Clock()
    plan = Plan(Budget(time=total([*REQUIRED, *OPTIONAL]) - 1e-3), PIXELS, REQUIRED, OPTIONAL, clock)
    assert [step for step in OPTIONAL if not plan.allows(step)] == [dearest]
    assert plan.without("time budget") == (dearest,)


def test_a_slow_machine_leaves_out_more():
    clock = Clock()
    plan = Plan(Budget(time=4 * total([*REQUIRED, *OPTIONAL])), PIXELS, REQUIRED, OPTIONAL, clock)
    assert plan.allows("copy-move")
    slow = cost_of(DEFAULT_LOCALIZER).time(PIXELS) * 5

    def work() -> None:
        clock.now += slow

    plan.do(DEFAULT_LOCALIZER, work)
    plan.allows("copy-move")
    assert plan.left_out
    left = 4 * total([*REQUIRED, *OPTIONAL]) - slow
    kept = [step for step in OPTIONAL if step not in plan.left_out]
    assert 5 * total([HISTORY, FUSING, *kept]) <= left


def test_what_does_not_apply_costs_nothing():
    clock = Clock()
    without = [step for step in OPTIONAL if step != "copy-move"]
    plan = Plan(Budget(time=total([*REQUIRED, *without]) + 1e-6), PIXELS, REQUIRED, OPTIONAL, clock)
    plan.finished("copy-move")
    assert all(plan.allows(step) for step in without)


def test_memory_that_holds_no_finding_is_refused():
    needed = max(cost_of(step).memory(PIXELS) for step in REQUIRED)
    with pytest.raises(ImageTooLargeError, match=r"12\.0 Mpx needs about .* GiB; the memory budget is"):
        Plan(Budget(memory=int(needed)), PIXELS, REQUIRED, OPTIONAL)


def test_the_hungriest_are_left_out_of_little_memory():
    hungriest = max(OPTIONAL, key=lambda step: cost_of(step).memory(PIXELS))
    highest = cost_of(hungriest).memory(PIXELS)
    plan = Plan(Budget(memory=int(1.1 * highest) - 1), PIXELS, (), OPTIONAL)
    assert hungriest in plan.without("memory budget")
    assert Plan(Budget(memory=int(1.1 * highest) + 2), PIXELS, (), OPTIONAL).left_out == {}


def test_no_time_leaves_the_localizer_and_says_so(photo_evidence):
    finding = Examiner(budget=Budget(time=0)).examine(photo_evidence)
    void = {o.system: o.reason for o in finding.opinions if not o.applicable}
    assert void == dict.fromkeys(MEASURED, "not measured: time budget")
    assert finding.opinions[0].system == DEFAULT_LOCALIZER
    assert finding.outcome != "consistent"
    assert finding.limits[0].startswith("Not measured, because of the time budget of 0 s: ")
    assert any("longer than its time budget of 0 s" in limit for limit in finding.limits)
    assert any("may give a different finding" in limit for limit in finding.limits)
    assert finding.versions["time budget"] == "0 s"


def test_plenty_of_time_changes_nothing_but_says_that_it_might_have(photo_evidence):
    free = Examiner(threads=1).examine(photo_evidence)
    plenty = Examiner(threads=1, budget=Budget(time=1e6, memory=1 << 40)).examine(photo_evidence)
    assert (plenty.log10_lr, plenty.outcome) == (free.log10_lr, free.outcome)
    assert set(plenty.limits) - set(free.limits) == {
        "With a time budget, what is left out depends on the machine and its load; the same file may give a "
        "different finding."
    }
    assert plenty.versions["memory budget"] == "1024.00 GiB"
    assert "time budget" not in free.versions


def test_too_little_memory_is_one_sentence(photo):
    with pytest.raises(ImageTooLargeError, match="needs about"):
        Examiner(budget=Budget(memory=1 << 20)).examine(load_evidence(encode_jpeg(photo, 90)))


def test_an_incomplete_table_is_refused(tmp_path):
    path = tmp_path / "costs.json"
    path.write_text('{"steps": {"grid": {"seconds": 1}}}', encoding="utf-8")
    with pytest.raises(WeightError, match="table of costs"):
        costs(path)
