"""Images have tags."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "tags",
        sa.Column("evidence_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False, server_default=""),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_tags_evidence_id")),
        sa.PrimaryKeyConstraint("evidence_id", "name", name=op.f("pk_tags")),
    )


def downgrade() -> None:
    """Forget them."""
    op.drop_table("tags")
