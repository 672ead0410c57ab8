"""Searchable text is stored in one spelling, and findings have a priority."""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# Table → its key, and the columns that are searched.
_SEARCHED = {
    "cases": ("id", ("title", "description")),
    "pictures": ("sha256", ("sha256",)),
    "evidence": ("id", ("name", "uploaded_by")),
    "notes": ("id", ("text", "by")),
    "conclusions": ("id", ("text", "by")),
}
# Priorities of findings made before priorities existed; those of inconclusive findings are unknown.
_PRIORITIES = {"inconsistent": "high", "consistent": "none"}


def upgrade() -> None:
    """Fold existing text, and set priorities."""
    for table, (key, columns) in _SEARCHED.items():
        op.add_column(table, sa.Column("folded", sa.Text(), nullable=False, server_default=""))
        _fold(table, key, columns)
    op.add_column("pictures", sa.Column("stated", sa.Text(), nullable=True))
    op.add_column("findings", sa.Column("priority", sa.String(length=8), nullable=True))
    findings = sa.table("findings", sa.column("outcome"), sa.column("priority"))
    for outcome, priority in _PRIORITIES.items():
        op.execute(sa.update(findings).where(findings.c.outcome == outcome).values(priority=priority))


def _fold(table: str, key: str, columns: tuple[str, ...]) -> None:
    names = {key, *columns}
    rows = sa.table(table, sa.column("folded"), *(sa.column(name) for name in names))
    connection = op.get_bind()
    found = connection.execute(sa.select(*(rows.c[name] for name in names))).mappings().all()
    spelt = [(row[key], _spelling("\n".join(row[name] for name in columns))) for row in found]
    values = [{"its_key": its_key, "spelling": spelling} for its_key, spelling in spelt]
    if values:
        change = sa.update(rows).where(rows.c[key] == sa.bindparam("its_key"))
        connection.execute(change.values(folded=sa.bindparam("spelling")), values)


def _spelling(text: str) -> str:
    """A copy of `folded` as of this version, because a migration never changes."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def downgrade() -> None:
    """Remove the columns again."""
    added = [("findings", "priority"), ("pictures", "stated"), *((table, "folded") for table in _SEARCHED)]
    for table, name in added:
        with op.batch_alter_table(table) as changed:
            changed.drop_column(name)
