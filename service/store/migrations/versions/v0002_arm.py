"""The arm of an experiment that an exposure belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("exposures", sa.Column("arm", sa.Text))


def downgrade() -> None:
    op.drop_column("exposures", "arm")
