"""What a person reads first, and the evidence behind each reason."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest

from tamperlens.evidence import Fact
from tamperlens.examine import DEFAULT_LOCALIZER, SYSTEMS, Agreement, Examiner, MarkedRegion, Opinion
from tamperlens.examine._document import Alone, Box, CopiedPair, Power
from tamperlens.report import report_view
from tamperlens.report.answer_words import NO_PLACE, NO_WITNESS, chain_words
from tamperlens.report.outline import outlines, svg_path
from tamperlens.traces import MEASURED

REGION = MarkedRegion(0, 0, 128, 86, 0.9)


@pytest.fixture(scope="module")
def document(photo_evidence):
    return Examiner().examine(photo_evidence).document


def card(document, **changes):
    return report_view(msgspec.structs.replace(document, **changes)).answer


def power(kind, found):
    return Power(kind=kind, made=10, found=found, share=found / 10, low=0.1, high=0.8)


def opinion(system, adds, reason="so it is"):
    return Opinion(
        system=system, score=0.5, outcome="inconclusive", applicable=True, reason=reason, log10_lr=adds
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"outcome": "inconsistent"}, "Signs of alteration found"),
        ({"outcome": "consistent", "power": ()}, "No signs of alteration found"),
        (
            {"outcome": "consistent", "power": (power("splicing", 5), power("removal", 2))},
            "No signs of alteration found; 35 of 100 edits in files like this would have been found",
        ),
        ({"because": "weak-indications"}, "Look here: weak signs"),
        ({"because": "too-little-left"}, "Cannot tell from this file"),
        ({"because": "not-assessable"}, "Cannot tell from this file"),
        ({"because": "contradictory"}, "The file contradicts itself"),
    ],
)
def test_the_first_line_is_the_outcome_in_plain_words(document, changes, said):
    assert card(document, **{"score": 0.5, "outcome": "inconclusive", **changes}).what == said


def test_a_trace_that_stands_alone_says_what_it_shows_and_how_rare_that_is(document):
    changes = {"outcome": "inconsistent", "opinions": (opinion("grid", 1.5),)}

    def here(share):
        shown = Alone(trace="grid", sentence="the grid is shifted here", share=share, box=Box(0, 0, 9, 9))
        return card(document, alone=shown, **changes).reasons[0].here

    assert (
        here(0.004) == "The grid is shifted here; about 1 in 250 untouched photographs shows it as clearly."
    )
    assert here(1e-7).endswith("fewer than 1 in 1,000 untouched photographs shows it as clearly.")
    assert card(document, alone=None, **changes).reasons[0].here == "So it is."


def test_what_would_have_been_found_is_said_with_its_interval(document):
    told = card(document, outcome="inconclusive", because="too-little-left", power=(power("splicing", 5),))
    assert "splices 50 (10–80)" in " ".join(told.sure)
    assert told.because.startswith("About 50 of 100 edits in files like this")
    assert "original file" in told.request
    assert card(document, outcome="inconsistent").request == ""


def test_without_a_score_the_reason_is_said_and_no_place_is_named(document):
    absent = {"score": "this looks like a JPEG of a drawing"}
    told = card(
        document, score=None, thresholds=None, outcome="inconclusive", regions=(REGION,), absent=absent
    )
    assert (told.what, told.because) == ("Cannot tell from this file", "This looks like a JPEG of a drawing.")
    assert "upper left" not in told.where
    assert not told.outlined


def test_only_what_is_called_is_outlined(document):
    assert card(document, outcome="inconsistent").outlined
    assert not card(document, outcome="consistent").outlined


def test_the_place_is_named_by_thirds_and_the_pair_by_its_two_places(document):
    changes = {
        "outcome": "inconsistent", "width": 384, "height": 256, "mask_threshold": 0.5, "marked_share": 0.07,
        "regions": (REGION, MarkedRegion(300, 190, 64, 64, 0.8)),
    }  # fmt: skip
    assert card(document, **changes).where == (
        "Most clearly at the upper left, also lower right; 7\N{NO-BREAK SPACE}% of the picture is marked."
    )
    turn = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    pair = CopiedPair(
        source=Box(0, 0, 9, 9), target=Box(370, 240, 9, 9), direction=0.1, scale=1.0, angle=0.0,
        mirrored=False, matches=9, significance=9.0, transform=turn,
    )  # fmt: skip
    told = card(document, copies=(pair,), **changes)
    assert told.where.endswith("The place at the lower right repeats the one at the upper left.")
    assert "repeat each other" in told.next[0]


def test_reasons_are_the_strongest_of_the_outcomes_side_and_the_fused_map_counts_once(document):
    opinions = (
        opinion("fused-map", 0.3), opinion("fused-map-64", 0.4), opinion("copy-move", 0.5),
        opinion("grid", -0.9), opinion("sharpness", 0.2), opinion("jpeg-ghost", 0.1),
    )  # fmt: skip
    reasons = card(document, outcome="inconsistent", opinions=opinions).reasons
    assert [(one.name, one.adds) for one in reasons] == [
        ("fused-map", "+0.70"), ("copy-move", "+0.50"), ("sharpness", "+0.20"),
    ]  # fmt: skip
    assert all(one.altered for one in reasons)
    cleared = card(document, outcome="consistent", opinions=opinions).reasons
    assert [(one.name, one.altered) for one in cleared] == [("grid", False)]
    assert card(document, opinions=()).why == "No single measurement carries much weight."


def test_a_witness_marks_the_same_place_clearly_more_than_chance(document):
    agreements = (
        Agreement("double-jpeg", 0.7, 0.05, 0.9), Agreement("grid", 0.1, 0.05, 0.6),
        Agreement("kind-classifier", 0.9, 0.05, 0.9), Agreement("copy-move", 0.9, 0.05, 0.9),
    )  # fmt: skip
    changes = {"outcome": "inconsistent", "marked_share": 0.05, "agreements": agreements}
    step = card(document, opinions=(opinion("copy-move", 0.5),), **changes).reasons[0]
    assert step.witness.startswith("Double quantisation marks 70")
    assert "Patch classifier" not in step.witness
    fused = card(document, opinions=(opinion("fused-map", 0.5),), **changes).reasons[0]
    assert fused.witness == NO_WITNESS
    nothing = card(document, opinions=(opinion("copy-move", 0.5),), **{**changes, "marked_share": 0.0})
    assert nothing.reasons[0].witness == NO_PLACE


def test_every_step_is_whole_whatever_has_a_say(document):
    for name in (*MEASURED, DEFAULT_LOCALIZER, "fused-map"):
        (step,) = card(document, outcome="inconsistent", opinions=(opinion(name, 0.5),)).reasons
        assert all((step.rest, step.here, step.witness, step.harmless, step.refute)), name
        assert chain_words(name).layer in {"mask", *MEASURED, *SYSTEMS}


def test_a_contradiction_of_the_file_is_among_what_to_do(document):
    fact = Fact("dates", "It was changed before it was taken.", "contradiction", "Exif")
    assert card(document, facts=(fact,)).next[-1] == (
        "Clear up this contradiction in the file: It was changed before it was taken."
    )


def test_outlines_are_those_of_the_mask_at_any_scale():
    marked = np.zeros((40, 60), bool)
    marked[10:30, 20:40] = True
    marked[15:20, 25:30] = False
    found = outlines(marked, (600, 400))
    assert len(found) == 2
    points = np.array(found[0])
    assert np.allclose([points.min(axis=0), points.max(axis=0)], [[205, 105], [395, 295]])
    assert svg_path([[(1.0, 2.0), (3.25, 4.0), (5.0, 6.0)]]) == "M1.0 2.0L3.2 4.0L5.0 6.0Z"


def test_the_pages_type_knows_the_card():
    root = Path(__file__).parents[2]
    schema = json.loads((root / "ui/openapi.json").read_text(encoding="utf-8"))["components"]["schemas"]
    assert set(schema["AnswerCard"]["properties"]) >= {"what", "where", "reasons", "next"}


def test_who_declares_the_picture_generated_leads(document):
    fact = Fact("generation", "The picture was made by a generator", "notable", "XMP:Iptc4xmpExt")
    assert card(document, facts=()).declared == ""
    assert "made by a generator" in card(document, facts=(fact,)).declared
