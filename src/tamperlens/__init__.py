"""Tamperlens shows where, how and how surely an image was altered, and lets a person check why."""

__version__ = "0.1.0"
