"""Sentences that the pages build from values: chances, sums of money, what was left out."""

from collections.abc import Mapping

from recommender.domain import Reference
from recommender.domain.recommendation import Price, Rule, SupportOffer
from service.web.i18n import Language

NOTES = ("catalogue", "maturity", "support", "duty_possible")
"""Notes of `messages.toml` that pages show as they stand."""


def notes(reference: Reference, language: Language) -> dict[str, str]:
    """Return the notes that pages show, by name."""
    return {name: reference.messages.notes[name].say(language.locale) for name in NOTES}


def chance(probability: float, language: Language) -> str:
    """Say how many of a hundred similar businesses that look at a platform choose it."""
    _ = language.gettext
    if probability < 0.01:
        return _("Of 100 businesses like yours that look at it, fewer than 1 chooses it")
    return _(
        "Of 100 businesses like yours that look at it, about %(count)s choose it",
        count=round(probability * 100),
    )


def price(known: Price, language: Language) -> str:
    """Say what a platform costs a month: "150,000 to 300,000 VND a month"."""
    _ = language.gettext
    least = language.number(known.min_vnd_month)
    if known.max_vnd_month == 0:
        return _("free of charge")
    if known.max_vnd_month is None:
        return _("from %(least)s VND a month", least=least)
    if known.max_vnd_month == known.min_vnd_month:
        return _("%(least)s VND a month", least=least)
    most = language.number(known.max_vnd_month)
    return _("%(least)s to %(most)s VND a month", least=least, most=most)


def money(billions: float, language: Language) -> str:
    """Say a sum as people do: in millions below a billion VND, in billions from there on."""
    _ = language.gettext
    if billions < 1:
        return _("%(amount)s million VND", amount=language.number(billions * 1000, 3))
    return _("%(amount)s billion VND", amount=language.number(billions, 3))


def support_terms(offer: SupportOffer, language: Language) -> str:
    """Say the most that a scheme pays: "at most 20 million VND a year, 50% of the cost"."""
    _ = language.gettext
    parts = []
    if offer.cap_million_vnd_per_year is not None:
        cap = language.number(offer.cap_million_vnd_per_year, 1)
        parts.append(_("at most %(cap)s million VND a year", cap=cap))
    if offer.rate_pct is not None:
        rate = language.number(offer.rate_pct, 1)
        parts.append(_("at most %(rate)s%% of the cost", rate=rate))
    if offer.months_max is not None:
        if offer.months_min not in (None, offer.months_max):
            months = f"{offer.months_min}–{offer.months_max}"
        else:
            months = str(offer.months_max)
        parts.append(_("for %(months)s months", months=months))
    return ", ".join(parts)


def support_status(offer: SupportOffer, language: Language) -> str:
    """Say why a scheme may come to nothing; empty for one that is law."""
    _ = language.gettext
    told = {"draft": _("draft, not law yet"), "reported": _("from the press, not confirmed")}
    return told.get(offer.status, "")


def support_since(offer: SupportOffer, language: Language) -> str:
    """Say since when a scheme holds, or of what day the report of it is; empty if unknown."""
    if offer.in_force_from is None:
        return ""
    day = language.date(offer.in_force_from)
    if offer.status == "in_force":
        return language.gettext("In force from %(day)s.", day=day)
    return language.gettext("As of %(day)s.", day=day)


def left_out(excluded: Mapping[Rule, int], language: Language) -> str:
    """Say in one line how many platforms were left out, and why; empty if none were."""
    _ = language.gettext
    reasons: dict[Rule, str] = {
        "sector": _("%(count)s not meant for your line of business"),
        "size": _("%(count)s not meant for your size"),
        "in_use": _("%(count)s that you use already"),
        "dismissed": _("%(count)s that you set aside"),
    }
    parts = [text % {"count": excluded[rule]} for rule, text in reasons.items() if rule in excluded]
    return "; ".join(parts)
