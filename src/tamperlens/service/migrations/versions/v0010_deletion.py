"""Cases can be put on hold and deleted, and the time of closing is stored."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """For cases that are already closed, their last activity counts as the time of closing."""
    op.add_column("cases", sa.Column("closed_at", _MOMENT, nullable=True))
    op.create_index(op.f("ix_cases_closed_at"), "cases", ["closed_at"], unique=False)
    cases = sa.table("cases", sa.column("closed"), sa.column("closed_at"), sa.column("active_at"))
    op.execute(sa.update(cases).where(cases.c.closed.is_(sa.true())).values(closed_at=cases.c.active_at))
    op.create_table(
        "holds",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_administrator", sa.Boolean(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_holds_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_holds")),
    )
    op.create_table(
        "removals",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_removals")),
    )


def downgrade() -> None:
    """Drop holds and times of closing."""
    op.drop_table("removals")
    op.drop_table("holds")
    op.drop_index(op.f("ix_cases_closed_at"), table_name="cases")
    with op.batch_alter_table("cases") as table:
        table.drop_column("closed_at")
