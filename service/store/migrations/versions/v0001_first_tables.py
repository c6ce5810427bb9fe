"""Profiles, drafts, exposures and events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "profiles",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
    )
    op.create_table(
        "drafts",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
    )
    op.create_table(
        "exposures",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("at", TIME, nullable=False),
        sa.Column("profile_id", KEY),
        sa.Column("profile", sa.Text, nullable=False),
        sa.Column("model_version", sa.Text, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("eligible", sa.Integer, nullable=False),
        sa.Column("excluded", sa.Text, nullable=False),
        sa.Column("filters", sa.Text, nullable=False),
        sa.Column("items", sa.Text, nullable=False),
    )
    op.create_index("exposures_by_profile", "exposures", ["profile_id"])
    op.create_table(
        "events",
        sa.Column("id", KEY, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("platform_id", sa.Text, nullable=False),
        sa.Column("profile_id", KEY),
        sa.Column("recommendation_id", KEY),
        sa.Column("rating", sa.Integer),
        sa.Column("reason", sa.Text),
        sa.Column("at", TIME, nullable=False),
        sa.Column("received_at", TIME, nullable=False),
    )
    op.create_index("events_by_profile", "events", ["profile_id"])
    op.create_index("events_by_recommendation", "events", ["recommendation_id"])


def downgrade() -> None:
    for table in ("events", "exposures", "drafts", "profiles"):
        op.drop_table(table)
