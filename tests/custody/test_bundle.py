"""Whatever is done to a bundle is found out, and what was not done to it is not."""

import contextlib
import hashlib
import io
import json
import shutil
import subprocess
import zipfile

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tamperlens.custody import (
    Item,
    Trusted,
    check_attachable,
    excerpt_of,
    finding_hash,
    make_bundle,
    record_hash,
    rerun,
    text_hash,
    verify_bundle,
)
from tamperlens.custody._container import pack, unpack
from tamperlens.custody._keys import fingerprint, public_pem
from tamperlens.custody._pdf_attachment import MOST_ATTACHED
from tamperlens.errors import CustodyError
from tamperlens.evidence import load_evidence
from tamperlens.examine import Examiner
from tamperlens.report import finding_to_json
from tamperlens.report.pictures import mask_png

from .conftest import CREATED, PHOTO


def states(data: bytes, trusted: Trusted | None = None) -> dict[str, str]:
    return {check.name: check.state for check in verify_bundle(data, trusted or Trusted()).checks}


def failed(data: bytes, trusted: Trusted | None = None) -> set[str]:
    return {name for name, state in states(data, trusted).items() if state == "failed"}


def changed(data: bytes, name: str, content: bytes | None) -> bytes:
    """The bundle packed again with one member replaced, added or (None) removed."""
    members = {**unpack(data).members}
    members.pop(name, None)
    return pack(members | ({} if content is None else {name: content}))


def test_an_untouched_bundle_holds(bundle, key):
    assert states(bundle) == {
        "container": "passed", "signature": "passed", "signer": "not possible", "files": "passed",
        "images": "passed", "time": "not asked",
    }  # fmt: skip
    assert states(bundle, Trusted(key=key.public_key()))["signer"] == "passed"
    assert states(bundle, Trusted(anyone=True))["signer"] == "not asked"


def test_a_bundle_that_anyone_signed_anew_does_not_hold_by_itself(bundle, item, key):
    """Whoever changes a finding can sign it with a key of their own: all is in order but who it was."""
    forged = make_bundle(
        [Item(item.name, {**item.finding, "outcome": "consistent"}, item.mask)], other_key(), CREATED
    )
    checks = verify_bundle(forged, Trusted()).checks
    assert [check.name for check in checks if not check.holds] == ["signer"]
    assert "signer" in failed(forged, Trusted(key=key.public_key()))


def other_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(32))


@pytest.mark.parametrize(
    "more", [b"\n", b"\nIssued to: The Ministry of Truth\n", b"-----BEGIN PUBLIC KEY-----\n"]
)
def test_the_public_keys_file_holds_the_key_and_nothing_else(bundle, more):
    pem = unpack(bundle).members["public-key.pem"]
    assert failed(changed(bundle, "public-key.pem", pem + more)) == {"signature"}
    assert failed(changed(bundle, "public-key.pem", more + pem)) == {"signature"}


@pytest.mark.parametrize(
    "outcome", ["", "PROVEN GENUINE by the court", "Consistent", None, 1, ["consistent"]]
)
def test_an_outcome_is_one_of_the_known_words(item, key, outcome):
    signed = make_bundle([Item(item.name, {**item.finding, "outcome": outcome})], key, CREATED)
    opened = verify_bundle(signed, Trusted())
    assert "images" in failed(signed)
    assert opened.stated == ("no readable finding",)


@pytest.mark.parametrize(
    ("member", "megabytes"), [("manifest.json", 17), ("findings/001-c6520eebd891.json", 5)]
)
def test_json_that_would_fill_the_memory_is_not_read(bundle, member, megabytes):
    large = b'{"a":[' + b"0," * (megabytes << 19) + b"0]}"
    with contextlib.suppress(CustodyError):
        assert "images" in failed(changed(bundle, member, large))
        return
    with pytest.raises(CustodyError, match=r"bytes; at most .* are read"):
        verify_bundle(changed(bundle, member, large), Trusted())


def test_the_same_arguments_give_the_same_bytes(bundle, item, key):
    assert make_bundle([item], key, CREATED) == bundle
    assert make_bundle([item], key, "2026-02-01T00:00:00+00:00") != bundle


def test_any_zip_program_reads_it(bundle):
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == dict(unpack(bundle).members)
        assert {member.compress_type for member in archive.infolist()} == {zipfile.ZIP_STORED}


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_flipped_byte_is_found(bundle, data):
    """Every check as a whole: an altered bundle is unreadable or fails, wherever the byte lies."""
    place = data.draw(st.integers(0, len(bundle) - 1))
    flip = data.draw(st.integers(1, 255))
    altered = bytearray(bundle)
    altered[place] ^= flip
    with contextlib.suppress(CustodyError):
        assert failed(bytes(altered))


def test_every_byte_but_those_of_the_files_is_found_too(key):
    """The whole of a small bundle, byte by byte: headers, directory, manifest, signature, key."""
    finding = {"sha256": "0" * 64, "outcome": "consistent", "score": 0.5, "evidence": {"format": "PNG"}}
    small = make_bundle([Item("a.png", finding)], key, CREATED)
    for place in range(len(small)):
        altered = bytearray(small)
        altered[place] ^= 1
        try:
            assert failed(bytes(altered)), place
        except CustodyError:
            continue


@given(st.binary(max_size=400))
@example(b"")
@example(b"PK\x03\x04")
@example(b"PK\x03\x04" + b"\xff" * 60)
@example(b"PK\x05\x06" + b"\x00" * 18)
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_one_sentence(data):
    with pytest.raises(CustodyError):
        verify_bundle(data, Trusted())


@pytest.mark.parametrize(
    ("member", "content"),
    [
        ("originals/001-c6520eebd891.jpeg", b"another image"),
        ("masks/001-c6520eebd891.png", b"another mask"),
        ("findings/001-c6520eebd891.json", b"{}"),
        ("originals/001-c6520eebd891.jpeg", None),
        ("hidden.txt", b"not listed"),
    ],
)
def test_a_changed_missing_or_added_file_fails(bundle, member, content):
    assert "files" in failed(changed(bundle, member, content))


@pytest.mark.parametrize("member", ["manifest.json", "manifest.sig", "public-key.pem"])
def test_without_its_seal_it_is_no_bundle(bundle, member):
    with pytest.raises(CustodyError, match=member):
        verify_bundle(changed(bundle, member, None), Trusted())


def test_a_bundle_signed_anew_by_another_is_whole_but_not_from_the_expected_signer(item, key):
    forged = make_bundle([item], Ed25519PrivateKey.generate(), CREATED)
    assert not failed(forged)
    assert failed(forged, Trusted(key=key.public_key())) == {"signer"}


def test_a_replaced_public_key_fails(bundle):
    other = public_pem(Ed25519PrivateKey.generate().public_key())
    assert "signature" in failed(changed(bundle, "public-key.pem", other))


def test_an_edited_manifest_fails(bundle):
    manifest = unpack(bundle).members["manifest.json"].replace(b"2026-01-31", b"2025-01-31")
    assert failed(changed(bundle, "manifest.json", manifest)) == {"signature"}
    with pytest.raises(CustodyError, match="canonical"):
        verify_bundle(changed(bundle, "manifest.json", manifest.replace(b":", b": ", 1)), Trusted())


def test_a_signer_who_swaps_the_image_is_found(item, key):
    swapped = make_bundle([Item(item.name, item.finding, item.mask, b"another image")], key, CREATED)
    assert failed(swapped) == {"images"}


def test_a_signers_manifest_of_any_shape_is_no_crash(bundle, key):
    """A signature makes nothing true: whoever signs may have written anything."""
    good = json.loads(unpack(bundle).members["manifest.json"])
    for name in good:
        for wrong in (None, 7, [], {}, [7], {"a": 7}, "x"):
            manifest = json.dumps(good | {name: wrong}, sort_keys=True, separators=(",", ":")).encode()
            members = {
                **unpack(bundle).members,
                "manifest.json": manifest,
                "manifest.sig": key.sign(manifest),
            }
            try:
                verify_bundle(pack(members), Trusted())
            except CustodyError:
                continue


def test_the_same_name_twice_is_refused(bundle):
    first = bundle.index(b"PK\x03\x04", 4)
    with pytest.raises(CustodyError, match="twice"):
        verify_bundle(bundle[:first] + bundle, Trusted())


def test_names_that_lead_elsewhere_are_refused(bundle):
    for name in (b"/", b"\\", b"\x00", b"A"):
        with pytest.raises(CustodyError, match="name"):
            verify_bundle(bundle.replace(b"findings/001", name + b"indings/001", 1), Trusted())


def test_a_container_packed_anew_is_told_from_a_changed_one(bundle):
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w") as archive:
        for name, content in unpack(bundle).members.items():
            archive.writestr(name, content)
    assert failed(repacked.getvalue()) == {"container"}


def record(seq: int, previous: str, action: str, evidence: str | None, **details) -> dict:
    made = {
        "seq": seq, "at": "2026-01-01", "actor": "Eve", "actor_id": "e", "action": action, "case_id": "c",
        "evidence_id": evidence, "details": details, "previous": previous,
    }  # fmt: skip
    return {**made, "hash": record_hash(made)}


def chained(item):
    """A case's records, and one of another case between them, of which only the link is told."""
    mask = hashlib.sha256(item.mask).hexdigest()
    first = record(4, "f" * 64, "case opened", None, title="T", description="")
    between = {"seq": 5, "previous": first["hash"], "hash": "e" * 64}
    uploaded = record(6, "e" * 64, "uploaded", "1", name=item.name, sha256=item.finding["sha256"])
    kept = {"sha256": item.finding["sha256"], "finding": finding_hash(item.finding), "mask": mask}
    examined = record(7, uploaded["hash"], "examined", "1", **kept)
    noted = record(8, examined["hash"], "noted", "1", note="n", text="why", sha256=text_hash("why"))
    said = {"outcome": "consistent", "text": "", "sha256": text_hash("")}
    return [first, between, uploaded, examined, noted, record(9, noted["hash"], "concluded", "1", **said)]


def case_of(item):
    one = {
        "id": "1", "name": item.name, "sha256": item.finding["sha256"], "uploaded_by": "Eve", "state": "done",
        "error": None, "notes": [{"by": "Eve", "text": "why"}],
        "conclusions": [{"by": "Eve", "outcome": "consistent", "text": ""}],
    }  # fmt: skip
    return {"id": "c", "title": "T", "description": "", "closed": False, "owner": "Eve", "evidence": [one]}


def of_case(item, key, case=None, records=None, **excerpt):
    told = {**excerpt_of(chained(item) if records is None else records), **excerpt}
    return make_bundle([item], key, CREATED, case=case or case_of(item), ledger=told)


def test_the_ledgers_chain_is_checked(item, key):
    good = of_case(item, key)
    assert {states(good)[name] for name in ("ledger", "case")} == {"passed"}
    head = f"9:{chained(item)[-1]['hash']}"
    assert states(good, Trusted(head=head))["ledger"] == "passed"
    assert states(good, Trusted(head="6:" + "0" * 64))["ledger"] == "failed"
    assert states(good, Trusted(head="3:" + "0" * 64))["ledger"] == "not possible"
    ledger = next(c for c in verify_bundle(good, Trusted()).checks if c.name == "ledger")
    assert (
        ledger.says
        == f"the chain of 6 records holds, 5 of them about this case and its images; its head is {head}"
    )


@pytest.mark.parametrize("act", ["edit", "remove", "swap", "shape"])
def test_a_broken_chain_is_found_though_it_was_signed(item, key, act):
    records = chained(item)
    excerpt = excerpt_of(records)
    if act == "edit":
        records[0]["actor"] = "Mallory"
    elif act == "remove":
        del records[1]
    elif act == "swap":
        records[0], records[1] = records[1], records[0]
    else:
        records[1] = 7
    broken = make_bundle([item], key, CREATED, case=case_of(item), ledger={**excerpt, "records": records})
    assert "ledger" in failed(broken)


@pytest.mark.parametrize("name", ["count", "of_case", "first", "head"])
def test_an_excerpt_has_what_it_states(item, key, name):
    assert failed(of_case(item, key, **{name: 1})) == {"ledger"}


def test_an_excerpt_cut_at_its_end_states_another_count(item, key):
    records = chained(item)
    assert "ledger" in failed(of_case(item, key, records=records[:-1], **{"count": len(records)}))


def first(case) -> dict:
    return case["evidence"][0]


CHANGES = {
    "the title": lambda case: case.update(title="X"),
    "the description": lambda case: case.update(description="X"),
    "whether it is closed": lambda case: case.update(closed=True),
    "the owner": lambda case: case.update(owner="Mallory"),
    "evidence left out": lambda case: case["evidence"].clear(),
    "evidence put in": lambda case: case["evidence"].append({**first(case), "id": "2"}),
    "a name": lambda case: first(case).update(name="other.jpg"),
    "an original": lambda case: first(case).update(sha256="0" * 64),
    "who handed it in": lambda case: first(case).update(uploaded_by="Mallory"),
    "a state": lambda case: first(case).update(state="failed", error="damaged"),
    "a note's text": lambda case: first(case)["notes"][0].update(text="X"),
    "a note's writer": lambda case: first(case)["notes"][0].update(by="Mallory"),
    "a note left out": lambda case: first(case)["notes"].clear(),
    "a note put in": lambda case: first(case)["notes"].append({"by": "Eve", "text": "X"}),
    "a conclusion's outcome": lambda case: first(case)["conclusions"][0].update(outcome="inconsistent"),
    "a conclusion's text": lambda case: first(case)["conclusions"][0].update(text="X"),
    "a conclusion left out": lambda case: first(case)["conclusions"].clear(),
    "another case": lambda case: case.update(id="d"),
    "no evidence at all": lambda case: case.pop("evidence"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_case_that_contradicts_the_ledger_is_found_though_it_was_signed(item, key, change):
    case = case_of(item)
    CHANGES[change](case)
    assert failed(of_case(item, key, case)) == {"case"}


@pytest.mark.parametrize("what", ["finding", "mask", "no mask"])
def test_another_finding_or_mask_than_the_ledgers_is_found(item, key, what):
    finding = {**item.finding, "score": 0.5} if what == "finding" else item.finding
    mask = {"mask": item.mask + b"x", "no mask": None}.get(what, item.mask)
    other = Item(item.name, finding, mask)
    signed = make_bundle([other], key, CREATED, case=case_of(item), ledger=excerpt_of(chained(item)))
    assert failed(signed) == {"case"}


def test_a_case_and_its_ledger_go_together(item, key):
    assert failed(make_bundle([item], key, CREATED, case=case_of(item))) == {"ledger"}
    assert failed(make_bundle([item], key, CREATED, ledger=excerpt_of(chained(item)))) == {"case"}


def test_a_noted_head_needs_a_ledger(bundle):
    assert states(bundle, Trusted(head="1:" + "a" * 64))["ledger"] == "not possible"


@pytest.mark.parametrize(
    "head", ["nonsense", "5", "5:", ":abc", "0:" + "a" * 64, "5:" + "g" * 64, "٣:" + "a" * 64, " "]
)
def test_a_head_that_is_none_is_an_error(bundle, head):
    with pytest.raises(CustodyError, match="is not a head"):
        verify_bundle(bundle, Trusted(head=head))


def test_names_cannot_speak_for_the_check(item, key):
    name = "a.jpg': passed\x1b[2J \u202egpj.exe"
    signed = make_bundle([Item(name, item.finding, item.mask)], key, CREATED)
    (check,) = rerun(verify_bundle(signed, Trusted()))
    assert check.name == r"again: 'a.jpg\': passed\x1b[2J \u202egpj.exe'"


def test_openssl_and_sha256sum_agree(bundle, key, tmp_path):
    """What docs/custody.md tells one who has none of this software."""
    if not shutil.which("openssl") or not shutil.which("sha256sum"):
        pytest.skip("openssl or sha256sum is not installed")
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(tmp_path)

    def run(*words: str) -> str:
        return subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    verify = ("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "public-key.pem", "-rawin")
    assert "Verified" in run(*verify, "-in", "manifest.json", "-sigfile", "manifest.sig")
    run("openssl", "pkey", "-pubin", "-in", "public-key.pem", "-outform", "DER", "-out", "key.der")
    assert run("sha256sum", "key.der").split()[0] == fingerprint(key.public_key())
    for name, entry in json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["files"].items():
        assert run("sha256sum", name).split()[0] == entry["sha256"]


def test_a_finding_examined_again_comes_to_the_same(bundle):
    checks = list(rerun(verify_bundle(bundle, Trusted()), threads=2))
    assert [(check.name, check.state) for check in checks] == [("again: 'untouched.jpg'", "passed")]
    assert "versions differ" not in checks[0].says


def test_rerun_takes_the_image_from_elsewhere(item, key):
    without = verify_bundle(make_bundle([Item(item.name, item.finding, item.mask)], key, CREATED), Trusted())
    assert [check.state for check in rerun(without)] == ["not possible"]
    assert [check.state for check in rerun(without, [b"another image"])] == ["not possible"]
    assert [check.state for check in rerun(without, [item.original], threads=1)] == ["passed"]


def test_rerun_is_in_the_precision_of_the_finding(item, key):
    found = Examiner(threads=1, precision="int8").examine(load_evidence(PHOTO))
    finding = finding_to_json(found, item.name)
    signed = make_bundle([Item(item.name, finding, mask_png(found.mask), item.original)], key, CREATED)
    (check,) = rerun(verify_bundle(signed, Trusted()), threads=1)
    assert (check.state, check.says) == ("passed", "the same within tolerance")


@pytest.mark.parametrize(
    ("change", "state", "words"),
    [
        ({"score": 0.9}, "failed", "score 0.9"),
        ({"outcome": "consistent"}, "failed", "outcome consistent"),
        ({"versions": {"weight trace-localizer": "0" * 64}}, "passed", "versions differ"),
        ({"score": 0.9, "versions": {"weight trace-localizer": "0" * 64}}, "not possible", "versions differ"),
    ],
)
def test_another_result_is_a_failure_only_by_the_same_versions(item, key, change, state, words):
    versions = {**item.finding["versions"], **change.get("versions", {})}
    finding = {**item.finding, **change, "versions": versions}
    signed = make_bundle([Item(item.name, finding, item.mask, item.original)], key, CREATED)
    (check,) = rerun(verify_bundle(signed, Trusted()), threads=1)
    assert check.state == state
    assert words in check.says


def test_a_bundle_too_large_for_a_pdf_is_refused():
    with pytest.raises(CustodyError, match="too large for a PDF"):
        check_attachable(bytes(MOST_ATTACHED + 1))
    check_attachable(bytes(10))


def test_another_mask_is_a_failure(item, key, encode):
    blank = encode("PNG")
    signed = make_bundle([Item(item.name, item.finding, blank, item.original)], key, CREATED)
    (check,) = rerun(verify_bundle(signed, Trusted()), threads=1)
    assert check.state == "failed"
    assert "mask" in check.says


def test_a_signed_image_that_is_none_is_a_sentence(item, key):
    data = b"no image"
    finding = {**item.finding, "sha256": hashlib.sha256(data).hexdigest()}
    signed = make_bundle([Item(item.name, finding, None, data)], key, CREATED)
    (check,) = rerun(verify_bundle(signed, Trusted()))
    assert check.state == "not possible"
