"""A network from its shipped file."""

import numpy as np
import pytest
import torch

from tamperlens.errors import WeightError
from tamperlens.examine import load_weight
from tamperlens.models import UnetLocalizer
from tamperlens.training._shipped import load_shipped


@pytest.fixture(scope="module")
def inputs():
    return torch.rand(6, 6, 64, 96, generator=torch.Generator().manual_seed(0))


def answers(network, inputs):
    with torch.no_grad():
        return network(inputs).logits.numpy()


@pytest.fixture(scope="module")
def shipped(inputs):
    weight = load_weight("unet-localizer")
    return weight, weight.session(1).run(None, {"features": inputs.numpy()})[0]


@pytest.mark.parametrize("batches", [0, 2], ids=["as it evaluates", "with statistics"])
def test_the_network_answers_as_the_file(shipped, inputs, batches):
    weight, expected = shipped
    network = UnetLocalizer(6)
    load_shipped(network, weight.model, inputs[:1], inputs.split(3)[:batches])
    assert np.allclose(answers(network, inputs), expected, atol=1e-3)


def test_with_statistics_training_mode_starts_where_evaluation_is(shipped, inputs):
    weight, expected = shipped
    network = UnetLocalizer(6)
    load_shipped(network, weight.model, inputs[:1], [inputs])
    assert np.allclose(answers(network.train(), inputs), expected, atol=0.05)
    load_shipped(network, weight.model, inputs[:1])
    assert not np.allclose(answers(network.train(), inputs), expected, atol=0.5)


def test_another_architecture_is_refused(shipped, inputs):
    with pytest.raises(WeightError, match="another architecture"):
        load_shipped(UnetLocalizer(4), shipped[0].model, inputs[:1, :4])
