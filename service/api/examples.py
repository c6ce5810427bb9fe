"""Examples of the OpenAPI document; the tests send each of them."""

from litestar.openapi.spec.example import Example

RESTAURANT = {
    "legal_form": "household",
    "sector": "I56",
    "employees": 4,
    "revenue_bn_vnd": 1.5,
    "province": "48",
    "sells_to_consumers": True,
    "functions": {"sales": "paper", "finance": "paper", "customers": "not_done"},
    "needs": ["shop-floor", "invoices-tax"],
    "budget": "under_200k",
}

PROFILE = Example(summary="A family restaurant in Da Nang", value=RESTAURANT)

NEW_PROFILE = Example(
    summary="A family restaurant in Da Nang that lets us learn from it",
    value=RESTAURANT | {"consent": ["service", "improve"], "consent_version": "website 2026-11"},
)

CONSENT = Example(
    summary="Keep my answers, but do not learn from me any more",
    value={"consent": ["service"], "consent_version": "website 2026-11"},
)

RECOMMENDATION = Example(
    summary="Five platforms for a family restaurant in Da Nang, in Vietnamese",
    value={"profile": RESTAURANT, "n": 5, "locale": "vi", "consent": ["improve"]},
)

BATCH = Example(
    summary="One platform each for a restaurant, and for a business that nobody has stored",
    value={
        "businesses": [{"profile": RESTAURANT}, {"profile_id": "no-such-business"}],
        "n": 1,
        "locale": "en",
    },
)

PLAN = Example(
    summary="A plan in Vietnamese for that restaurant, which uses MoMo already",
    value={"profile": RESTAURANT | {"platforms_in_use": ["momo-business"]}, "locale": "vi"},
)

EVENTS = Example(
    summary="A platform was clicked and another one dismissed",
    value={
        "events": [
            {
                "id": "0192f0c4-aaaa-7000-8000-000000000001",
                "kind": "click",
                "platform_id": "misa-cukcuk",
                "recommendation_id": "RECOMMENDATION_ID",
            },
            {
                "id": "0192f0c4-aaaa-7000-8000-000000000002",
                "kind": "dismiss",
                "platform_id": "ipos-fabi",
                "recommendation_id": "RECOMMENDATION_ID",
                "reason": "too_expensive",
            },
        ]
    },
)
