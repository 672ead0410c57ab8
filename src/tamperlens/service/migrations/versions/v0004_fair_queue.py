"""Cases take turns in the queue: when each was last served."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """No case was served yet; images finished before are found by their time."""
    op.add_column("cases", sa.Column("served_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_evidence_finished_at"), "evidence", ["finished_at"], unique=False)


def downgrade() -> None:
    """First come, first served again."""
    op.drop_index(op.f("ix_evidence_finished_at"), "evidence")
    with op.batch_alter_table("cases") as table:
        table.drop_column("served_at")
