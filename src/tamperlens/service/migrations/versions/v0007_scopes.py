"""API tokens have a scope."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Existing tokens keep their rights."""
    scope = sa.Column("scope", sa.String(length=8), nullable=False, server_default="write")
    op.add_column("tokens", scope)


def downgrade() -> None:
    """All tokens may write again."""
    with op.batch_alter_table("tokens") as table:
        table.drop_column("scope")
