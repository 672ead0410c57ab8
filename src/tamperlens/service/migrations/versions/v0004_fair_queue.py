"""Cases take turns in the queue, so the time when each was last served is stored."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column, and an index of finish times; no case counts as served yet."""
    op.add_column("cases", sa.Column("served_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_evidence_finished_at"), "evidence", ["finished_at"], unique=False)


def downgrade() -> None:
    """Return to first come, first served."""
    op.drop_index(op.f("ix_evidence_finished_at"), "evidence")
    with op.batch_alter_table("cases") as table:
        table.drop_column("served_at")
