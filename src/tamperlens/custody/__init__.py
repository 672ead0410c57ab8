"""Findings and cases as signed bundles, and how much of a bundle holds: keys, hashes, ledger, time stamps."""

from tamperlens.custody._binding import Bound, contradictions, finding_hash, text_hash
from tamperlens.custody._bundle import Item, make_bundle
from tamperlens.custody._canonical import canonical
from tamperlens.custody._chain import chain_problem, excerpt_of, read_head, record_hash
from tamperlens.custody._checks import Check
from tamperlens.custody._confined_work import custody_worker
from tamperlens.custody._examining import draw_apart, examine_apart
from tamperlens.custody._keys import fingerprint, load_key, load_public_key, make_key, public_pem
from tamperlens.custody._pdf_attachment import bundle_of, check_attachable
from tamperlens.custody._presence import came_and_went
from tamperlens.custody._rerun import rerun
from tamperlens.custody._time_stamps import load_authorities, request_stamp
from tamperlens.custody._verifying import OUTCOMES, Opened, Trusted, verify_bundle
from tamperlens.custody._verifying_apart import verify_apart, verifying_worker

__all__ = [
    "OUTCOMES",
    "Bound",
    "Check",
    "Item",
    "Opened",
    "Trusted",
    "bundle_of",
    "came_and_went",
    "canonical",
    "chain_problem",
    "check_attachable",
    "contradictions",
    "custody_worker",
    "draw_apart",
    "examine_apart",
    "excerpt_of",
    "finding_hash",
    "fingerprint",
    "load_authorities",
    "load_key",
    "load_public_key",
    "make_bundle",
    "make_key",
    "public_pem",
    "read_head",
    "record_hash",
    "request_stamp",
    "rerun",
    "text_hash",
    "verify_apart",
    "verify_bundle",
    "verifying_worker",
]
