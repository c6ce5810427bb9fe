"""What businesses agreed to, and whose turn it is to delete what was kept long enough.

Nobody had been asked until then: what was recorded before is kept, but not learned from until its
business agrees.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "consents",
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("profile_id", KEY, nullable=False),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("how", sa.Text, nullable=False),
    )
    op.create_index("consents_by_profile", "consents", ["profile_id", "purpose", "number"])
    op.create_table(
        "tasks",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("due_at", TIME, nullable=False),
    )
    op.add_column(
        "exposures", sa.Column("improve", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.drop_index("exposures_by_profile", "exposures")
    op.create_index("exposures_by_profile", "exposures", ["profile_id", "at"])


def downgrade() -> None:
    op.drop_index("exposures_by_profile", "exposures")
    op.create_index("exposures_by_profile", "exposures", ["profile_id"])
    op.drop_column("exposures", "improve")
    op.drop_table("tasks")
    op.drop_table("consents")
