"""Whether the dates stated by a file fit each other. None is compared with this machine's clock."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from tamperlens.evidence._embedded import Embedded
from tamperlens.evidence._fact import Fact, Weight
from tamperlens.evidence._load import Evidence

_TAKEN, _DIGITISED, _CHANGED = "Exif:DateTimeOriginal", "Exif:DateTimeDigitized", "EXIF:DateTime"
_NAMES = {
    _TAKEN: "the capture time",
    _DIGITISED: "the digitising time",
    _CHANGED: "the time of the last change",
}
_DATE = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
_UNSET = re.compile(r"[0 :/T-]*")
_ZONE = re.compile(r"([+-])(\d\d):(\d\d)")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
# Writing takes a moment, and some cameras round the two dates differently.
_MOMENT = timedelta(seconds=5)
# Local times anywhere in the world lie between these offsets from GPS time, which is UTC.
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
# XMP and EXIF are written one after the other.
_LITTLE = timedelta(minutes=1)
# A camera's clock is set by hand.
_CLOCK = timedelta(minutes=30)


# Dates in XMP, and the EXIF dates that state the same.
_SAME_IN_XMP = (
    ("exif:DateTimeOriginal", _TAKEN),
    ("photoshop:DateCreated", _TAKEN),
    ("xmp:CreateDate", _DIGITISED),
    ("xmp:ModifyDate", _CHANGED),
)


def date_facts(evidence: Evidence, embedded: Embedded | None = None) -> Iterator[Fact]:
    """Facts on the dates of EXIF and XMP: impossible ones, their order, GPS time."""
    stated = {key: evidence.metadata[key] for key in _NAMES if evidence.metadata.get(key)}
    yield from _impossible(stated)
    dates = {key: date for key, text in stated.items() if (date := read_date(text))}
    yield from _order(dates, _TAKEN, _DIGITISED)
    yield from _order(dates, _DIGITISED if _DIGITISED in dates else _TAKEN, _CHANGED)
    if _CHANGED in dates and _TAKEN in dates and dates[_CHANGED] - dates[_TAKEN] > timedelta(minutes=1):
        yield Fact(
            "dates",
            f"The file states a last change {_span(dates[_CHANGED] - dates[_TAKEN])} after it was taken.",
            "notable",
            _CHANGED,
            "Rotating, rating or copying with a catalogue program also changes this date.",
        )
    yield from _gps(evidence.metadata, dates.get(_TAKEN))
    yield from _xmp(embedded.xmp_values if embedded else {}, dates)


def read_date(text: str) -> datetime | None:
    """Read an EXIF or ISO date; None when there is none or the calendar has no such date.

    >>> read_date("2024:02:30 10:00:00") is None
    True
    >>> read_date("2024:02:29 10:00:00").isoformat()
    '2024-02-29T10:00:00'
    """
    match = _DATE.match(text)
    try:
        return datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]
    except ValueError:
        return None


def _impossible(stated: Mapping[str, str]) -> Iterator[Fact]:
    for key, text in stated.items():
        if not _UNSET.fullmatch(text) and read_date(text) is None:
            yield Fact(
                "dates",
                f"For {_NAMES[key]} the file states '{text[:40]}', which is not a date.",
                "notable",
                key,
            )


def _order(dates: Mapping[str, datetime], first: str, second: str) -> Iterator[Fact]:
    """A contradiction where a later step has an earlier date; within a day a time zone may explain it."""
    if first not in dates or second not in dates or dates[second] >= dates[first] - _MOMENT:
        return
    span = dates[first] - dates[second]
    weight: Weight = "contradiction" if span > _EAST - _WEST else "notable"
    yield Fact(
        "dates",
        f"By its dates, {_NAMES[second]} ({dates[second]}) is {_span(span)} before {_NAMES[first]} "
        f"({dates[first]}).",
        weight,
        f"{first}, {second}",
        "A program that corrects one of the dates, for a wrong clock or a time zone, has the same effect.",
    )


def _xmp(values: Mapping[str, str], dates: Mapping[str, datetime]) -> Iterator[Fact]:
    """XMP repeats dates from EXIF; where they differ, one was written without the other."""
    for key, same in _SAME_IN_XMP:
        theirs, ours = read_date(values.get(key, "")), dates.get(same)
        if theirs is None or ours is None or abs(theirs - ours) <= _LITTLE:
            continue
        weight: Weight = "contradiction" if abs(theirs - ours) > _EAST - _WEST else "notable"
        yield Fact(
            "dates",
            f"XMP states {theirs} for {_NAMES[same]}, EXIF {ours}: {_span(abs(theirs - ours))} apart.",
            weight,
            f"XMP:{key}, {same}",
            "Programs that write only one of the two, and time zone corrections, have the same effect.",
        )


def _gps(metadata: Mapping[str, str], taken: datetime | None) -> Iterator[Fact]:
    """GPS receivers know the time; local time can differ from it only by the time zone."""
    satellite = _gps_time(metadata)
    if taken is None or satellite is None:
        return
    zone = _ZONE.match(metadata.get("Exif:OffsetTimeOriginal", ""))
    low, high = _WEST, _EAST
    if zone:
        low = high = timedelta(hours=int(zone[2]), minutes=int(zone[3])) * (-1 if zone[1] == "-" else 1)
    difference = taken - satellite
    if not low - _CLOCK <= difference <= high + _CLOCK:
        yield Fact(
            "dates",
            f"The capture time ({taken}) and the GPS time ({satellite} UTC) fit no time zone"
            + (" that the file states." if zone else "."),
            "notable",
            f"{_TAKEN}, GPS:GPSTimeStamp",
            "A camera's clock may be wrong; without reception, cameras write the last known GPS time.",
        )


def _gps_time(metadata: Mapping[str, str]) -> datetime | None:
    day = metadata.get("GPS:GPSDateStamp", "")
    parts = [float(part) for part in _NUMBER.findall(metadata.get("GPS:GPSTimeStamp", ""))[:3]]
    midnight = read_date(f"{day} 00:00:00")
    if midnight is None or len(parts) != 3 or parts[0] >= 24 or max(parts[1:]) > 60:
        return None
    return midnight + timedelta(hours=parts[0], minutes=parts[1], seconds=int(parts[2]))


def _span(span: timedelta) -> str:
    """A time span in its largest unit.

    >>> _span(timedelta(hours=47))
    '47 hours'
    """
    for unit, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if span.total_seconds() >= 2 * unit:
            return f"{span.total_seconds() / unit:.0f} {name}"
    return f"{span.total_seconds():.0f} seconds"
