"""People may sign in through an identity provider."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the columns and the table; existing sessions were opened with a password."""
    op.add_column("users", sa.Column("email", sa.Text(), nullable=True))
    op.create_index(op.f("ix_users_email"), "users", ["email"], unique=True)
    through = sa.Column("through", sa.String(length=16), nullable=False, server_default="password")
    op.add_column("sessions", through)
    op.create_table(
        "identities",
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("user_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_identities_user_id")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_identities")),
    )
    op.create_index(op.f("ix_identities_user_id"), "identities", ["user_id"], unique=False)


def downgrade() -> None:
    """Passwords alone."""
    op.drop_table("identities")
    with op.batch_alter_table("sessions") as table:
        table.drop_column("through")
    op.drop_index(op.f("ix_users_email"), table_name="users")
    with op.batch_alter_table("users") as table:
        table.drop_column("email")
