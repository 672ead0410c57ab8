"""Rate limits counted in the database, so that they hold over several processes.

A limit's name → how many, in how many seconds. `Settings.limits` may set others.
"""

import time
from datetime import UTC, datetime

import sqlalchemy as sa
from apiflask import abort

from tamperlens.service.database import Database
from tamperlens.service.settings import Settings
from tamperlens.service.tables import Rate, now

LIMITS: dict[str, tuple[int, int]] = {
    "sign-in, one name from one address": (10, 300),
    "sign-in, one address": (60, 300),
    "sign-in, one name": (100, 3600),
    "uploads, one user": (600, 60),
}


def count(database: Database, settings: Settings, limit: str, who: str) -> None:
    """Count one more, and answer 429 when it is one too many."""
    most, seconds = settings.limits.get(limit, LIMITS[limit])
    window = int(time.time() // seconds)
    ends = datetime.fromtimestamp((window + 1) * seconds, UTC)
    counting = (
        database.insert(Rate)
        .values(key=f"{limit}: {who}", window=window, ends_at=ends, count=1)
        .on_conflict_do_update(index_elements=["key", "window"], set_={"count": Rate.count + 1})
        .returning(Rate.count)
    )
    with database.write() as session:
        counted = session.execute(counting).scalar_one()
        if counted == 1:
            session.execute(sa.delete(Rate).where(Rate.ends_at < now()))
    if counted > most:
        wait = max(1, round((ends - now()).total_seconds()))
        abort(429, f"too many requests; try again in {wait} seconds", headers={"Retry-After": str(wait)})
