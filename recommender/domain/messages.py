"""Short texts that answers carry, in both languages."""

from collections.abc import Iterator
from string import Formatter

from msgspec import Struct

from recommender.domain.tables import Locale

PLACES: dict[str, dict[str, set[str]]] = {
    "reasons": {
        "popular": set(),
        "listed": set(),
        "sector": {"value"},
        "size": {"value"},
        "legal_form": {"value"},
        "province": {"value"},
        "sells_to_consumers": {"value"},
        "function": {"function", "value"},
        "strategy": {"value"},
        "data_use": {"value"},
        "security": {"value"},
        "needs": {"value"},
        "budget": {"value"},
        "maturity": {"value"},
        "history": {"value"},
        "need_boost": {"value"},
        "duty_boost": set(),
        "same_category": {"value"},
        "both_suit": {"value"},
        "both_help": {"value"},
        "alike": set(),
        "step_duty": set(),
        "step_need": {"value"},
        "step_before": {"value", "why"},
        "step_before_duty": {"value", "why"},
        "step_benefit": {"value"},
    },
    "notes": {
        "sells_to_consumers_yes": set(),
        "sells_to_consumers_no": set(),
        "probability": set(),
        "simulated": set(),
        "partly_simulated": {"share"},
        "fallback": set(),
        "size_assumed": set(),
        "size_assumed_revenue": set(),
        "size_assumed_capital": set(),
        "maturity": set(),
        "catalogue": set(),
        "support": set(),
        "duty_possible": set(),
        "road_map": set(),
        "covered": {"value"},
        "covered_by_tool": set(),
        "takes_over": {"value"},
        "ask_to_connect": {"value"},
        "peers_simulated": {"sector", "size", "businesses"},
        "peers_recorded": {"sector", "size", "businesses"},
    },
}
"""The messages that answers are made of, and the named places that each may have."""


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """A text with `{named}` places."""

    vi: str
    en: str

    def say(self, locale: Locale, **values: str | int) -> str:
        """Return the text in the reader's language with its places filled: 1.234 or 1,234."""
        text, separator = (self.vi, ".") if locale == "vi" else (self.en, ",")
        written = {
            name: f"{value:,}".replace(",", separator) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return text.format_map(written)


class Messages(Struct, frozen=True, forbid_unknown_fields=True):
    """`reasons` by the feature that gave them, `notes` by what they are about."""

    reasons: dict[str, Message]
    notes: dict[str, Message]


def message_faults(messages: Messages) -> Iterator[tuple[str, str]]:
    """Yield `(name, fault)` of each message that is missing or that nobody could fill."""
    for group, known in PLACES.items():
        found: dict[str, Message] = getattr(messages, group)
        for name, places in known.items():
            if name not in found:
                yield f"{group}.{name}", "the message is missing"
                continue
            for locale, text in (("vi", found[name].vi), ("en", found[name].en)):
                right = ", ".join(f"{{{place}}}" for place in sorted(places)) or "none"
                try:
                    named = {place for _, place, _, _ in Formatter().parse(text)} - {None}
                except ValueError as error:
                    yield f"{group}.{name}.{locale}", f"{error}: expected as places {right}"
                    continue
                if not named <= places:
                    yield f"{group}.{name}.{locale}", f"expected as places {right}, found {text!r}"
