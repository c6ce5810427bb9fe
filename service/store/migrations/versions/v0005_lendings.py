"""Addresses at which a volunteer fills in a questionnaire, until it is handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lendings",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("draft_id", KEY, sa.ForeignKey("drafts.id", ondelete="CASCADE")),
        sa.Column("round", sa.Text, nullable=False),
        sa.Column("lent_at", TIME, nullable=False),
        sa.Column("returned_at", TIME),
    )
    op.create_index("lendings_by_draft", "lendings", ["draft_id"])
    op.create_index("lendings_by_round", "lendings", ["round"])


def downgrade() -> None:
    op.drop_table("lendings")
