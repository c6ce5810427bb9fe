"""Why a platform is suggested: what tells an owner most comes first, and nothing is said twice."""

import msgspec

from recommender.domain.recommendation import RankedPlatform, Reason
from service.web.i18n import LANGUAGES
from service.web.result.cards import cards_of

LIFTED = " (ranked higher for this reason)"
PLATFORM = {
    "id": "sapo", "name": "Sapo", "provider": "Sapo", "category": "pos-retail",
    "category_name": "Point of sale", "function": "sales", "summary": "Sell", "website": None,
    "sectors": [], "sizes": [], "provenance": "sourced", "source_date": None, "price": None,
}  # fmt: skip


def card(*reasons):
    fields = {"rank": 1, "platform": PLATFORM, "probability": None, "score": 1, "base": 0}
    fields |= {"other": 0, "slot": "ranked", "propensity": 1, "inclusion": 1}
    item = msgspec.convert(fields | {"reasons": [], "support": [], "duties": []}, RankedPlatform)
    told = tuple(Reason(feature, 0.1, text) for feature, text in reasons)
    return cards_of([msgspec.structs.replace(item, reasons=told)], LANGUAGES["en"], {})[0]


def test_needs_the_law_answers_and_the_sector_stand_before_what_says_little():
    features = ("province", "size", "history", "budget", "sector", "function_sales", "duty_boost")
    shown = card(*((feature, feature) for feature in (*features, "need_boost")))
    assert shown.reasons[:5] == ["need_boost", "duty_boost", "function_sales", "sector", "budget"]
    assert shown.why == "need_boost. duty_boost"


def test_that_a_platform_is_ranked_higher_is_said_once_in_a_card():
    shown = card(
        ("duty_boost", f"The law{LIFTED}"), ("need_boost", f"Need{LIFTED}"), ("sector", "Sector")
    )
    assert shown.why == f"Need. The law{LIFTED}"
    assert shown.reasons == ["Need", f"The law{LIFTED}", "Sector"]
