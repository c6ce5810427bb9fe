"""The tables, the same on SQLite and on PostgreSQL."""

import datetime as dt

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    false,
    text,
)


class UtcDateTime(TypeDecorator[dt.datetime]):
    """A point in time: aware on the way in, UTC on the way out, to the microsecond.

    SQLite knows no time zones: it keeps the UTC time as text, which sorts by time.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """Turn an aware time into UTC.

        Raises:
            ValueError: If the time has no offset.
        """
        if value is None or value.tzinfo is dt.UTC:
            return value
        if value.tzinfo is None:
            raise ValueError("expected a time with its offset from UTC")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        """Say that what was stored is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


Key = Text().with_variant(Text(collation="C"), "postgresql")
"""An id: compared byte by byte, so that both databases sort it alike."""

metadata = MetaData()

profiles = Table(
    "profiles",
    metadata,
    Column("id", Key, primary_key=True),
    Column("profile", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("locale", Text, nullable=False),
    Column("answers", Text, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
)

lendings = Table(
    "lendings",
    metadata,
    Column("id", Key, primary_key=True),
    Column("draft_id", Key, ForeignKey("drafts.id", ondelete="CASCADE")),
    Column("round", Text, nullable=False),
    Column("lent_at", UtcDateTime, nullable=False),
    Column("returned_at", UtcDateTime),
    Index("lendings_by_draft", "draft_id"),
    Index("lendings_by_round", "round"),
)
"""Second addresses of drafts, for those who help their owners; without a draft once given back."""

receipts = Table(
    "receipts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("draft_id", Key, ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("taken_by", Text),
    Index("receipts_by_draft", "draft_id", unique=True),
)
"""Links by which owners receive what was filled in for them; taken once, by one of their pages."""

exposures = Table(
    "exposures",
    metadata,
    Column("id", Key, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("profile_id", Key),
    Column("features", Text, nullable=False),
    Column("model_version", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("arm", Text),
    Column("seed", Text, nullable=False, server_default=text("''")),
    Column("locale", Text, nullable=False),
    Column("eligible", Integer, nullable=False),
    Column("excluded", Text, nullable=False),
    Column("filters", Text, nullable=False),
    Column("items", Text, nullable=False),
    Column("explored", Text),
    Column("improve", Boolean, nullable=False, server_default=false()),
    Index("exposures_by_profile", "profile_id", "at"),
)

events = Table(
    "events",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("platform_id", Text, nullable=False),
    Column("profile_id", Key),
    Column("recommendation_id", Key),
    Column("rating", Integer),
    Column("reason", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("received_at", UtcDateTime, nullable=False),
    Index("events_by_profile", "profile_id"),
    Index("events_by_recommendation", "recommendation_id"),
)

consents = Table(
    "consents",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("profile_id", Key, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("granted", Boolean, nullable=False),
    Column("version", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("how", Text, nullable=False),
    Index("consents_by_profile", "profile_id", "purpose", "number"),
)
"""What businesses answered when they were asked; rows are added, and go when a business does."""

tasks = Table(
    "tasks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("due_at", UtcDateTime, nullable=False),
)
"""What one process at a time does now and then, and when it is to be done again."""

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("origins", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("rate", Float, nullable=False),
    Column("burst", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used", UtcDateTime),
    Column("full_at", BigInteger, nullable=False),  # of its bucket, in nanoseconds since 1970
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
)
"""What administrators did; triggers refuse to change or delete a row (migration `keys`)."""
