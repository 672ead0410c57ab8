"""Where the networks are computed."""

import onnxruntime
import pytest

from tamperlens.errors import TamperlensError, UnknownNameError
from tamperlens.examine import Examiner, load_weight
from tamperlens.examine.networks._providers import VARIABLE, check_started, chosen_provider, session_providers

CPU = "CPUExecutionProvider"


def test_the_cpu_is_the_default_and_the_finding_says_so(photo_evidence):
    finding = Examiner().examine(photo_evidence)
    assert finding.versions["provider"] == "cpu"
    assert load_weight("unet-localizer").session().get_providers() == [CPU]


def test_the_environment_chooses(monkeypatch):
    monkeypatch.setenv(VARIABLE, "cuda")
    assert chosen_provider([CPU, "CUDAExecutionProvider"]) == "cuda"
    assert session_providers([CPU, "CUDAExecutionProvider"]) == {"CUDAExecutionProvider": {}, CPU: {}}


@pytest.mark.parametrize(
    ("available", "expected"),
    [
        ([CPU], "cpu"),
        (["TensorrtExecutionProvider", CPU], "cpu"),
        (["TensorrtExecutionProvider", "CUDAExecutionProvider", CPU], "cuda"),
    ],
)
def test_auto_takes_the_fastest_there_is_but_never_tensorrt(available, expected):
    assert chosen_provider(available, "auto") == expected


def test_a_missing_provider_names_its_package_and_what_there_is(monkeypatch):
    missing = {"OpenVINOExecutionProvider"} - set(onnxruntime.get_available_providers())
    if not missing:
        pytest.skip("OpenVINO is installed")
    monkeypatch.setenv(VARIABLE, "openvino")
    with pytest.raises(TamperlensError, match=r"which has .*cpu; install onnxruntime-openvino instead of"):
        load_weight("unet-localizer").session()


def test_an_unknown_provider_is_named_with_its_like():
    with pytest.raises(UnknownNameError, match="did you mean 'cuda'"):
        chosen_provider([CPU], "cud")


def test_a_silent_fall_back_to_the_cpu_is_refused():
    with pytest.raises(TamperlensError, match="could not start CUDAExecutionProvider"):
        check_started(["CUDAExecutionProvider", CPU], [CPU])
