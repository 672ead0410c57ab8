"""Every operation that a token may do. Made by docs/make_client.py from ui/openapi.json: do not edit."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from tamperlens.client import _types as types
from tamperlens.client._asking import Asking, File, quoted


class Operations(Asking):
    """The operations, by the names that they have in the OpenAPI document."""

    def add_note(self, evidence_id: str, body: types.NoteIn) -> types.Note:
        """Add a note; it cannot be changed afterwards."""
        return self._json(types.Note, "POST", f"/api/v1/evidence/{evidence_id}/notes", body=body)

    def annotate(self, evidence_id: str, body: types.AnnotationIn) -> types.Annotation:
        """Draw a region on the image, with a comment."""
        return self._json(types.Annotation, "POST", f"/api/v1/evidence/{evidence_id}/annotations", body=body)

    def cancel_examination(self, evidence_id: str) -> types.Evidence:
        """Stop an examination that is waiting or running."""
        return self._json(types.Evidence, "POST", f"/api/v1/evidence/{evidence_id}/cancel")

    def case_events(self, case_id: str, *, last_event_id: str | None = None) -> Iterator[tuple[str, Any]]:
        """Events in a case from now on."""
        return self._events(
            "GET", f"/api/v1/cases/{case_id}/events", headers={"Last-Event-ID": last_event_id}
        )

    def case_history(
        self, case_id: str, *, page: int | None = None, per_page: int | None = None
    ) -> types.RecordPage:
        """The ledger's records about a case, the latest first."""
        return self._json(
            types.RecordPage,
            "GET",
            f"/api/v1/cases/{case_id}/history",
            query={"page": page, "per_page": per_page},
        )

    def case_report_pdf(
        self,
        case_id: str,
        *,
        request: str | None = None,
        organisation: str | None = None,
        paper: Literal["a4", "letter"] | None = None,
        annex: int | None = None,
        evidence: list[str] | None = None,
    ) -> bytes:
        """The case, or chosen images of it, as a PDF: findings, conclusions, notes, custody; this is recorded."""
        return self._bytes(
            "GET",
            f"/api/v1/cases/{case_id}/report.pdf",
            query={
                "request": request,
                "organisation": organisation,
                "paper": paper,
                "annex": annex,
                "evidence": evidence,
            },
        )

    def change_annotation(
        self,
        evidence_id: str,
        annotation_id: str,
        body: types.AnnotationIn,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
    ) -> types.Annotation:
        """Change a region that you drew, or its comment; the ledger records the hash of the comment."""
        return self._json(
            types.Annotation,
            "PUT",
            f"/api/v1/evidence/{evidence_id}/annotations/{annotation_id}",
            body=body,
            headers={"If-Match": quoted(if_match), "If-None-Match": if_none_match},
        )

    def change_case(
        self,
        case_id: str,
        body: types.CaseChange,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
    ) -> types.Case:
        """Rename, describe, close or reopen a case; no evidence can be added to a closed case."""
        return self._json(
            types.Case,
            "PATCH",
            f"/api/v1/cases/{case_id}",
            body=body,
            headers={"If-Match": quoted(if_match), "If-None-Match": if_none_match},
        )

    def conclude(
        self,
        evidence_id: str,
        body: types.ConclusionIn,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
    ) -> types.StandingConclusion:
        """Set your own conclusion; earlier ones stay in the history, and those of others do not change."""
        return self._json(
            types.StandingConclusion,
            "PUT",
            f"/api/v1/evidence/{evidence_id}/conclusion",
            body=body,
            headers={"If-Match": quoted(if_match), "If-None-Match": if_none_match},
        )

    def do_in_bulk(self, case_id: str, body: types.BulkIn) -> types.BulkDone:
        """Examine again, cancel, conclude, tag, untag, or copy to another case."""
        return self._json(types.BulkDone, "POST", f"/api/v1/cases/{case_id}/evidence/bulk", body=body)

    def drop_draft(self, evidence_id: str, subject: str) -> None:
        """Delete a draft."""
        return self._nothing("DELETE", f"/api/v1/evidence/{evidence_id}/drafts/{subject}")

    def evidence_history(
        self, evidence_id: str, *, page: int | None = None, per_page: int | None = None
    ) -> types.RecordPage:
        """The ledger's records about this evidence, the latest first."""
        return self._json(
            types.RecordPage,
            "GET",
            f"/api/v1/evidence/{evidence_id}/history",
            query={"page": page, "per_page": per_page},
        )

    def evidence_map(
        self, evidence_id: str, map_name: str, *, look: Literal["whole", "veil"] | None = None
    ) -> bytes:
        """A map of the whole picture. Error levels ("ela") are available before the examination ends."""
        return self._bytes("GET", f"/api/v1/evidence/{evidence_id}/maps/{map_name}", query={"look": look})

    def evidence_progress(self, evidence_id: str) -> Iterator[tuple[str, Any]]:
        """Progress of one examination, live."""
        return self._events("GET", f"/api/v1/evidence/{evidence_id}/progress")

    def export_bundle(self, case_id: str, *, originals: int | None = None) -> bytes:
        """The case as one signed file: findings, masks, notes, conclusions, its ledger; this is recorded."""
        return self._bytes("GET", f"/api/v1/cases/{case_id}/bundle", query={"originals": originals})

    def export_table(self, case_id: str, body: types.TableIn) -> bytes:
        """The chosen images as a table for spreadsheets; this is recorded."""
        return self._bytes("POST", f"/api/v1/cases/{case_id}/evidence/table", body=body)

    def find(self, *, page: int | None = None, per_page: int | None = None, words: str) -> types.Found:
        """Find cases and evidence by titles, names, hashes, cameras, dates, notes, conclusions and outcomes."""
        return self._json(
            types.Found, "GET", "/api/v1/search", query={"page": page, "per_page": per_page, "words": words}
        )

    def keep_draft(self, evidence_id: str, subject: str, body: types.DraftIn) -> types.Draft:
        """Save a draft; it replaces the earlier one, and is deleted when its text is recorded."""
        return self._json(types.Draft, "PUT", f"/api/v1/evidence/{evidence_id}/drafts/{subject}", body=body)

    def list_annotations(self, evidence_id: str) -> types.Annotations:
        """What all examiners drew on the image."""
        return self._json(types.Annotations, "GET", f"/api/v1/evidence/{evidence_id}/annotations")

    def list_cases(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        search: str | None = None,
        closed: bool | None = None,
        sort: Literal["active", "created", "title"] | None = None,
    ) -> types.CasePage:
        """The cases that are yours or shared with you."""
        return self._json(
            types.CasePage,
            "GET",
            "/api/v1/cases",
            query={"page": page, "per_page": per_page, "search": search, "closed": closed, "sort": sort},
        )

    def list_conclusions(self, evidence_id: str) -> types.Conclusions:
        """All examiners' conclusions, with reviews and history."""
        return self._json(types.Conclusions, "GET", f"/api/v1/evidence/{evidence_id}/conclusions")

    def list_drafts(self, evidence_id: str) -> types.Drafts:
        """What you have begun to write about this evidence but not recorded yet."""
        return self._json(types.Drafts, "GET", f"/api/v1/evidence/{evidence_id}/drafts")

    def list_evidence(
        self,
        case_id: str,
        *,
        page: int | None = None,
        per_page: int | None = None,
        search: str | None = None,
        state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None,
        outcome: Literal["consistent", "inconclusive", "inconsistent"] | None = None,
        near_duplicates: bool | None = None,
        sort: Literal["uploaded", "name", "score", "priority"] | None = None,
    ) -> types.EvidencePage:
        """The evidence of a case."""
        return self._json(
            types.EvidencePage,
            "GET",
            f"/api/v1/cases/{case_id}/evidence",
            query={
                "page": page,
                "per_page": per_page,
                "search": search,
                "state": state,
                "outcome": outcome,
                "near_duplicates": near_duplicates,
                "sort": sort,
            },
        )

    def list_group_shares(
        self, case_id: str, *, page: int | None = None, per_page: int | None = None
    ) -> types.GroupSharePage:
        """List the groups that a case is shared with."""
        return self._json(
            types.GroupSharePage,
            "GET",
            f"/api/v1/cases/{case_id}/groups",
            query={"page": page, "per_page": per_page},
        )

    def list_groups(
        self, *, page: int | None = None, per_page: int | None = None, search: str | None = None
    ) -> types.GroupPage:
        """All groups by name, with their members."""
        return self._json(
            types.GroupPage,
            "GET",
            "/api/v1/groups",
            query={"page": page, "per_page": per_page, "search": search},
        )

    def list_keys(
        self,
        case_id: str,
        *,
        search: str | None = None,
        state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None,
        outcome: Literal["consistent", "inconclusive", "inconsistent"] | None = None,
        near_duplicates: bool | None = None,
        sort: Literal["uploaded", "name", "score", "priority"] | None = None,
    ) -> types.Keys:
        """Identifiers of all evidence in a list, to select all of it."""
        return self._json(
            types.Keys,
            "GET",
            f"/api/v1/cases/{case_id}/evidence/keys",
            query={
                "search": search,
                "state": state,
                "outcome": outcome,
                "near_duplicates": near_duplicates,
                "sort": sort,
            },
        )

    def list_near_duplicates(self, evidence_id: str) -> types.NearDuplicates:
        """Other images that you may see with the same bytes or that look alike; the nearest first."""
        return self._json(types.NearDuplicates, "GET", f"/api/v1/evidence/{evidence_id}/near-duplicates")

    def list_notes(
        self, evidence_id: str, *, page: int | None = None, per_page: int | None = None
    ) -> types.NotePage:
        """The notes, the earliest first."""
        return self._json(
            types.NotePage,
            "GET",
            f"/api/v1/evidence/{evidence_id}/notes",
            query={"page": page, "per_page": per_page},
        )

    def list_originals(self, *, page: int | None = None, per_page: int | None = None) -> types.OriginalPage:
        """All registered originals, the latest first."""
        return self._json(
            types.OriginalPage, "GET", "/api/v1/registry", query={"page": page, "per_page": per_page}
        )

    def list_records(self, *, page: int | None = None, per_page: int | None = None) -> types.RecordPage:
        """All records, the latest first."""
        return self._json(
            types.RecordPage, "GET", "/api/v1/ledger", query={"page": page, "per_page": per_page}
        )

    def list_shares(
        self, case_id: str, *, page: int | None = None, per_page: int | None = None
    ) -> types.SharePage:
        """List whom a case is shared with."""
        return self._json(
            types.SharePage,
            "GET",
            f"/api/v1/cases/{case_id}/shares",
            query={"page": page, "per_page": per_page},
        )

    def matched_original(self, evidence_id: str) -> types.MatchedOriginal:
        """The registered original that evidence equals or looks like, and where to see its image."""
        return self._json(types.MatchedOriginal, "GET", f"/api/v1/evidence/{evidence_id}/match")

    def neighbours(
        self,
        evidence_id: str,
        *,
        search: str | None = None,
        state: Literal["queued", "running", "done", "failed", "cancelled"] | None = None,
        outcome: Literal["consistent", "inconclusive", "inconsistent"] | None = None,
        near_duplicates: bool | None = None,
        sort: Literal["uploaded", "name", "score", "priority"] | None = None,
    ) -> types.Neighbours:
        """The previous and the next piece of evidence in a list of its case."""
        return self._json(
            types.Neighbours,
            "GET",
            f"/api/v1/evidence/{evidence_id}/neighbours",
            query={
                "search": search,
                "state": state,
                "outcome": outcome,
                "near_duplicates": near_duplicates,
                "sort": sort,
            },
        )

    def open_case(self, body: types.CaseIn) -> types.Case:
        """Open a case of your own."""
        return self._json(types.Case, "POST", "/api/v1/cases", body=body)

    def original(self, evidence_id: str) -> bytes:
        """Download the original, byte for byte; this is recorded."""
        return self._bytes("GET", f"/api/v1/evidence/{evidence_id}/original")

    def register_original(self, body: types.OriginalIn) -> types.Original:
        """Register evidence as authentic, or the fingerprints of a file that is not here."""
        return self._json(types.Original, "POST", "/api/v1/registry", body=body)

    def remove_annotation(
        self,
        evidence_id: str,
        annotation_id: str,
        *,
        if_match: str | None = None,
        if_none_match: str | None = None,
    ) -> None:
        """Remove a region that you drew; the ledger keeps its place and the hash of its comment."""
        return self._nothing(
            "DELETE",
            f"/api/v1/evidence/{evidence_id}/annotations/{annotation_id}",
            headers={"If-Match": quoted(if_match), "If-None-Match": if_none_match},
        )

    def remove_original(self, original_id: str) -> None:
        """Remove fingerprints from the registry; the ledger keeps the fact that they were there."""
        return self._nothing("DELETE", f"/api/v1/registry/{original_id}")

    def rendition(self, evidence_id: str) -> bytes:
        """The picture at full size, in a format that browsers can show; if possible the original's bytes."""
        return self._bytes("GET", f"/api/v1/evidence/{evidence_id}/rendition")

    def report_html(self, evidence_id: str, *, download: int | None = None) -> bytes:
        """The report as one file; when shown, it is isolated from this site."""
        return self._bytes("GET", f"/api/v1/evidence/{evidence_id}/report.html", query={"download": download})

    def report_json(self, evidence_id: str) -> bytes:
        """The finding as printed by `tamperlens examine --json`."""
        return self._bytes("GET", f"/api/v1/evidence/{evidence_id}/report.json")

    def report_pdf(self, evidence_id: str) -> bytes:
        """The report for paper, if the server has the extra `pdf`."""
        return self._bytes("GET", f"/api/v1/evidence/{evidence_id}/report.pdf")

    def retry_examination(self, evidence_id: str) -> types.Evidence:
        """Examine again; with the same versions, the existing finding is reused."""
        return self._json(types.Evidence, "POST", f"/api/v1/evidence/{evidence_id}/retry")

    def review(self, evidence_id: str, conclusion_id: str, body: types.ReviewIn) -> types.Review:
        """Agree with another examiner's conclusion, disagree with a reason, or sign it off."""
        return self._json(
            types.Review,
            "POST",
            f"/api/v1/evidence/{evidence_id}/conclusions/{conclusion_id}/reviews",
            body=body,
        )

    def share_case(self, case_id: str, body: types.ShareIn) -> types.Share:
        """Share with somebody, or change what they may do; viewers can only read, whatever access they get."""
        return self._json(types.Share, "POST", f"/api/v1/cases/{case_id}/shares", body=body)

    def share_with_group(self, case_id: str, body: types.GroupShareIn) -> types.GroupShare:
        """Share with all members of a group, or change what they may do; viewers can only read."""
        return self._json(types.GroupShare, "POST", f"/api/v1/cases/{case_id}/groups", body=body)

    def show_case(self, case_id: str) -> types.Case:
        """One case."""
        return self._json(types.Case, "GET", f"/api/v1/cases/{case_id}")

    def show_evidence(self, evidence_id: str) -> types.Evidence:
        """One piece of evidence, and the progress of its examination."""
        return self._json(types.Evidence, "GET", f"/api/v1/evidence/{evidence_id}")

    def show_finding(self, evidence_id: str) -> dict[str, Any]:
        """What was found, and where its maps and reports are; viewing is recorded."""
        return self._json(dict[str, Any], "GET", f"/api/v1/evidence/{evidence_id}/finding")

    def show_metrics(self) -> bytes:
        """Metrics for Prometheus, which sends an administrator's token."""
        return self._bytes("GET", "/metrics")

    def signing_key(self) -> bytes:
        """The public key of this workbench, for verifying its bundles."""
        return self._bytes("GET", "/api/v1/signing-key")

    def thumbnail(self, evidence_id: str) -> bytes:
        """A picture of at most 320 pixels."""
        return self._bytes("GET", f"/api/v1/evidence/{evidence_id}/thumbnail")

    def unshare_case(self, case_id: str, user_id: str) -> None:
        """Stop sharing a case with somebody."""
        return self._nothing("DELETE", f"/api/v1/cases/{case_id}/shares/{user_id}")

    def unshare_with_group(self, case_id: str, group_id: str) -> None:
        """Stop sharing a case with a group."""
        return self._nothing("DELETE", f"/api/v1/cases/{case_id}/groups/{group_id}")

    def upload_evidence(self, case_id: str, file: File) -> types.Evidence:
        """Add one file; it is stored unchanged, and queued for examination."""
        return self._json(types.Evidence, "POST", f"/api/v1/cases/{case_id}/evidence", file=file)

    def upload_files(self, case_id: str, files: Sequence[File]) -> types.HandedIn:
        """Add several files at once; those that are not images are reported, and the others are added."""
        return self._json(types.HandedIn, "POST", f"/api/v1/cases/{case_id}/evidence/files", files=files)

    def verify_ledger(self) -> types.LedgerState:
        """Read the whole chain and say whether it is intact. Note the head elsewhere."""
        return self._json(types.LedgerState, "GET", "/api/v1/ledger/verification")

    def who_am_i(self) -> types.Me:
        """Who is signed in."""
        return self._json(types.Me, "GET", "/api/v1/session")
