"""Short texts that answers carry, in both languages."""

from msgspec import Struct

from recommender.domain.tables import Locale


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """A text with `{named}` places."""

    vi: str
    en: str

    def say(self, locale: Locale, **values: str) -> str:
        """Return the text in the reader's language with its places filled."""
        text = self.vi if locale == "vi" else self.en
        return text.format_map(values)


class Messages(Struct, frozen=True, forbid_unknown_fields=True):
    """`reasons` by the feature that gave them, `notes` by what they are about."""

    reasons: dict[str, Message]
    notes: dict[str, Message]
