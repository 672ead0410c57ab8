"""A finding may have no score."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Allow null; scores of one half that stood for "none" stay as they are."""
    with op.batch_alter_table("findings") as table:
        table.alter_column("score", existing_type=sa.Double(), nullable=True)


def downgrade() -> None:
    """Write one half for "none" again."""
    op.execute("UPDATE findings SET score = 0.5 WHERE score IS NULL")
    with op.batch_alter_table("findings") as table:
        table.alter_column("score", existing_type=sa.Double(), nullable=False)
