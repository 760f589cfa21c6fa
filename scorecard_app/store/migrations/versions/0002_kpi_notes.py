"""Notes on KPIs"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "kpi_notes",
        sa.Column("note_id", sa.Integer(), nullable=False),
        sa.Column("org_unit_id", sa.String(200), nullable=False),
        sa.Column("period_kind", sa.String(10), nullable=False),
        sa.Column("period_start", sa.Date(), nullable=False),
        sa.Column("kpi_id", sa.String(100), nullable=False),
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("written_by", sa.String(320), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("note_id", name="pk_kpi_notes"),
    )
    op.create_index("ix_kpi_notes_org_unit_id", "kpi_notes", ["org_unit_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("kpi_notes")
