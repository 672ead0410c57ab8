"""API tokens have a scope."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Tokens that there are keep what they could do."""
    scope = sa.Column("scope", sa.String(length=8), nullable=False, server_default="write")
    op.add_column("tokens", scope)


def downgrade() -> None:
    """Every token may write again."""
    with op.batch_alter_table("tokens") as table:
        table.drop_column("scope")
