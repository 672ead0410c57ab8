"""Clips made here by PyAV, sampled, examined, reported."""

import json
import struct
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from tamperlens.errors import DamagedImageError, ImageTooLargeError, UnknownFormatError
from tamperlens.evidence import Limits, load_evidence
from tamperlens.examine import Examiner
from tamperlens.report import clip_to_json
from tamperlens.video import Clip, Frame, FrameFinding, clip_format, examine_clip, read_clip
from tamperlens.video._timeline import _jumps, _longest


def write_clip(path: Path, frames, codec="libx264", rate=10) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        for frame in frames:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="module")
def moving(photo):
    """Two seconds of a camera that pans."""
    return [np.ascontiguousarray(photo[:160, i : i + 200]) for i in range(20)]


@pytest.fixture(scope="module")
def clip_file(moving, tmp_path_factory):
    return write_clip(tmp_path_factory.mktemp("clip") / "pan.mp4", moving)


def test_frames_are_spread_evenly_and_the_key_frame_is_known(clip_file, moving):
    clip = read_clip(clip_file, count=5)
    assert [round(frame.time, 3) for frame in clip.frames] == [0.0, 0.4, 0.8, 1.2, 1.6]
    assert [frame.key for frame in clip.frames] == [True, False, False, False, False]
    assert (clip.width, clip.height, clip.codec, clip.turned) == (200, 160, "h264", 0)
    assert clip.seconds == pytest.approx(2.0)
    shown = load_evidence(clip.frames[2].data).pixels
    assert np.abs(shown.astype(int) - moving[8]).mean() < 4


def test_a_short_clip_gives_four_frames_a_second_and_no_more(clip_file):
    assert len(read_clip(clip_file, count=24).frames) == 8


@pytest.mark.parametrize(("suffix", "codec"), [("mkv", "libx264"), ("avi", "mpeg4"), ("mov", "libx264")])
def test_other_containers(suffix, codec, moving, tmp_path):
    clip = read_clip(write_clip(tmp_path / f"pan.{suffix}", moving[:6], codec), 2)
    assert len(clip.frames) == 2


def test_turned_clips_are_turned_upright(clip_file, moving, tmp_path):
    data = bytearray(clip_file.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    one, whole = 1 << 16, 1 << 30
    data[at : at + 36] = struct.pack(">9i", 0, one, 0, -one, 0, 0, 160 << 16, 0, whole)
    path = tmp_path / "turned.mp4"
    path.write_bytes(data)
    clip = read_clip(path, 1)
    assert (clip.width, clip.height, clip.turned) in {(160, 200, 90), (160, 200, 270)}
    shown = load_evidence(clip.frames[0].data).pixels
    # The matrix turns the picture by a quarter with the clock, as a phone held upright writes it.
    assert np.abs(shown.astype(int) - np.rot90(moving[0], -1)).mean() < 4


def test_images_and_texts_are_no_clips(tmp_path, encode):
    for name, data in (
        ("a.jpg", encode("JPEG")),
        ("b.heic", encode("AVIF")),
        ("c.mp4", b"#EXTM3U\nhttp://x"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        assert clip_format(path) is None
        with pytest.raises(UnknownFormatError, match="not a clip in a supported format"):
            read_clip(path)


def test_damaged_clips_are_one_sentence(clip_file, tmp_path):
    data = clip_file.read_bytes()
    for cut in (60, len(data) // 2):
        path = tmp_path / "cut.mp4"
        path.write_bytes(data[:cut])
        with pytest.raises(DamagedImageError, match=r"clip is damaged|no frame of the clip"):
            read_clip(path)


def test_a_clip_without_frames_is_one_sentence(tmp_path):
    path = tmp_path / "empty.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width = stream.height = 64
        stream.pix_fmt = "yuv420p"
        container.start_encoding()
    with pytest.raises((DamagedImageError, UnknownFormatError)):
        read_clip(path)


def test_sound_alone_is_no_clip(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=16000)
        for start in range(0, 8192, 1024):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 16000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(UnknownFormatError, match="no video stream"):
        read_clip(path)


def test_huge_frames_are_refused_before_decoding(clip_file):
    with pytest.raises(ImageTooLargeError, match=r"frames of 200×160 pixels; the limit is 0\.01 Mpx"):
        read_clip(clip_file, limits=Limits(max_pixels=10_000))


def test_a_clip_is_examined_frame_by_frame_without_an_outcome(clip_file):
    seen = []
    clip = read_clip(clip_file, count=3)
    finding = examine_clip(clip, Examiner(threads=1).examine, keep=lambda frame, _: seen.append(frame.number))
    assert seen == [0, 1, 2]
    assert finding.outcome == "inconclusive"
    assert {frame.shot for frame in finding.frames} == {0}
    assert "unknown" in finding.limits[0]
    row = json.loads(json.dumps(clip_to_json(finding, "pan.mp4")))
    assert (row["medium"], len(row["frames"]), row["sha256"]) == ("video", 3, clip.sha256)
    assert row["frames"][1]["sha256"] == load_evidence(clip.frames[1].data).sha256


def test_another_scene_begins_a_shot(photo):
    dark, light = (np.full((64, 96, 3), level, np.uint8) for level in (20, 220))
    frames = tuple(Frame(i, i / 4, True, _png(p)) for i, p in enumerate((dark, dark, light)))
    clip = Clip("c", "0", "mp4", "h264", 96, 64, 1.0, 4.0, 0, frames)
    found = examine_clip(clip, Examiner(["unet-localizer"], threads=1).examine)
    assert [frame.shot for frame in found.frames] == [0, 0, 1]


def _png(pixels) -> bytes:
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def said(number, score, outcome="inconclusive", middle=None, shot=0):
    return FrameFinding(number, number / 2, False, "", outcome, score, 0.1, middle, shot)


def test_jumps_are_between_neighbours_of_one_shot():
    frames = [said(0, 0.2), said(1, 0.9), said(2, 0.1, shot=1), said(3, 0.1, shot=1)]
    assert [(jump.first, jump.second) for jump in _jumps(frames)] == [(0, 1)]
    moved = [
        said(0, 0.5, middle=(0.1, 0.1)),
        said(1, 0.5, middle=(0.8, 0.8)),
        said(2, 0.5, middle=(0.8, 0.7)),
    ]
    assert [jump.why for jump in _jumps(moved)] == ["the marked area is elsewhere"]


def test_the_longest_run_of_inconsistent_frames():
    marks = [1, 0, 1, 1, 0, 1, 1]
    frames = [said(i, 0.5, "inconsistent" if mark else "consistent") for i, mark in enumerate(marks)]
    assert _longest(frames) == (2, 3)
    assert _longest([said(0, 0.5)]) is None


def test_the_command_writes_a_page_with_a_timeline(clip_file, tmp_path):
    command = [sys.executable, "-W", "error", "-m", "tamperlens", "examine", str(clip_file), "--frames", "2"]
    done = subprocess.run(
        [*command, "--json", "--threads", "1", "--out", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)["frames"]) == 2
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.glob("clip-*.html")]
    assert sum("<svg" in page and "polyline" in page for page in pages) == 1
    assert len(pages) == 3


def test_long_gaps_are_leapt_over(photo, tmp_path):
    frames = [np.ascontiguousarray(photo[:64, i : i + 96]) for i in range(40)]
    clip = read_clip(write_clip(tmp_path / "slow.mp4", frames, rate=1), 4)
    assert [round(frame.time) for frame in clip.frames] == [0, 10, 20, 30]


def test_the_last_frames_of_a_clip_are_not_lost(moving, tmp_path):
    clip = read_clip(write_clip(tmp_path / "slow.mp4", moving, rate=2), 40)
    assert [frame.time for frame in clip.frames] == [i / 2 for i in range(20)]
