"""Exposures hold the business as it was seen, the arm of an experiment, and what was drawn.

No row is rewritten on the way up. The profiles that exposures held until then stay, under the name
`features`. After the step back, what was seen since stays under the name `profile`, which the
version before cannot read and leaves out of its snapshots.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("exposures", "profile", new_column_name="features")
    op.add_column("exposures", sa.Column("arm", sa.Text))
    op.add_column("exposures", sa.Column("seed", sa.Text, nullable=False, server_default=""))
    op.add_column("exposures", sa.Column("explored", sa.Text))


def downgrade() -> None:
    for column in ("explored", "seed", "arm"):
        op.drop_column("exposures", column)
    op.alter_column("exposures", "features", new_column_name="profile")
