"""Words as people type them: with or without diacritics and capitals."""

import unicodedata


def plain(text: str) -> str:
    """Return text without diacritics and capitals, for ordering and searching."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))
