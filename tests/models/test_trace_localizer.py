"""The trace localizer: shapes, gradients, and that it compares within one image."""

import pytest
import torch

from tamperlens.inputs import _trace_input as trace_input
from tamperlens.models._trace_localizer import (
    TraceInput,
    TraceLocalizer,
    Trunk,
    Whole,
    whole_statistics,
)
from tamperlens.models._trace_streams import FREQUENCIES, LEVELS, MEASURED_MAPS


def some_input(number=2, height=128, width=160, seed=0):
    maker = torch.Generator().manual_seed(seed)
    blocks = (height // 8, width // 8)
    histogram = torch.rand(number, FREQUENCIES, LEVELS, generator=maker)
    return TraceInput(
        torch.rand(number, 3, height, width, generator=maker),
        torch.randint(0, LEVELS, (number, FREQUENCIES, *blocks), generator=maker, dtype=torch.uint8),
        4 * torch.rand(number, FREQUENCIES, generator=maker),
        histogram / histogram.sum(-1, keepdim=True),
        torch.rand(number, MEASURED_MAPS, *blocks, generator=maker),
        torch.ones(number, 6),
    )


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return TraceLocalizer().eval()


def test_reads_what_the_traces_room_gives():
    assert len(trace_input.FREQUENCIES) == FREQUENCIES
    assert trace_input.LEVELS == LEVELS
    assert len(trace_input.MAPS) == MEASURED_MAPS


@pytest.mark.parametrize("ablated", [{}, {"coefficients": False}, {"maps": False}, {"contrast": False}])
def test_every_parameter_that_is_used_gets_a_gradient(ablated):
    torch.manual_seed(0)
    network = TraceLocalizer(**ablated).train()
    given = some_input()
    given = given._replace(valid=torch.tensor([[1.0] * 6, [0.0] * 6]))
    result = network(*given)
    assert result.logits.shape == (2, 1, 32, 40)
    assert result.apart.shape == (2, 1, 16, 20)
    sum((value * torch.rand_like(value)).sum() for value in result).backward()
    missing = [name for name, each in network.named_parameters() if each.grad is None or not each.grad.any()]
    assert missing == []


def test_batch_equals_single(network):
    given = some_input(3)
    with torch.no_grad():
        together = network(*given)
        singly = [network(*(each[n : n + 1] for each in given)) for n in range(3)]
    for field in together._fields:
        alone = torch.cat([getattr(result, field) for result in singly])
        torch.testing.assert_close(getattr(together, field), alone, atol=1e-4, rtol=1e-4)


def test_without_flags_the_maps_and_coefficients_say_nothing(network):
    given = some_input()
    hidden = given._replace(valid=torch.zeros(2, 6), measured=torch.zeros_like(given.measured))
    other = hidden._replace(levels=some_input(seed=5).levels)
    with torch.no_grad():
        torch.testing.assert_close(network(*hidden).logits, network(*other).logits)


def test_a_place_is_compared_with_the_whole(network):
    given = some_input(1)
    with torch.no_grad():
        trunk = network.trunk(*given)
        own = whole_statistics(trunk)
        moved = Whole(own.mean + own.deviation, own.deviation, own.majority)
        assert not torch.allclose(
            network.judge(trunk, own, given.valid).logits, network.judge(trunk, moved, given.valid).logits
        )
        # The answer for a part, judged by the whole's statistics, does not depend on the part's own.
        torch.testing.assert_close(network.judge(trunk, own, given.valid).logits, network(*given).logits)


def test_the_majority_outvotes_a_part():
    described = torch.zeros(1, 32, 8, 8)
    described[:, 0] = 1
    described[:, 0, :3, :3], described[:, 1, :3, :3] = 0, 1
    whole = whole_statistics(Trunk(torch.rand(1, 4, 8, 8), torch.rand(1, 4, 16, 16), described))
    assert whole.majority[0, 0, 0, 0] > 0.999
