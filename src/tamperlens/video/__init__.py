"""A clip → its sampled frames, each examined like a photograph, and what they say over time."""

from tamperlens.video._clip import Clip, Frame, clip_format, read_clip
from tamperlens.video._timeline import ClipFinding, FrameFinding, examine_clip

__all__ = ["Clip", "ClipFinding", "Frame", "FrameFinding", "clip_format", "examine_clip", "read_clip"]
