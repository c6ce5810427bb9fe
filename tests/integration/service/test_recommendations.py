"""What a recommendation says of a business, and what it leaves out and why."""

import pytest

from recommender.domain.tables import Locale
from service.store.tables import exposures

EVERYTHING = 94
"""Platforms in the catalogue."""


def shown(answer) -> list[str]:
    return [item["platform"]["id"] for item in answer["items"]]


def test_an_answer_is_in_vietnamese_unless_english_is_asked_for(api, restaurant, reference):
    told = {"functions": {"sales": "paper"}, "needs": ["shop-floor"]}
    answers = {
        locale: api.recommend(profile=restaurant | told, **request)
        for locale, request in (("vi", {}), ("en", {"locale": "en"}))
    }
    assert shown(answers["vi"]) == shown(answers["en"])
    notes, sizes = reference.messages.notes, reference.choices["size"]
    locale: Locale
    for locale, answer in answers.items():
        assert answer["locale"] == locale
        assert answer["probability_means"] == notes["probability"].say(locale)
        assert answer["model"]["note"] == notes["simulated"].say(locale)
        assert answer["size_class"]["name"] == sizes["household"].say("name", locale)
        assert answer["maturity"]["note"] == notes["maturity"].say(locale)
        assert answer["maturity"]["level_name"] == reference.levels[1].say("name", locale)
        for item in answer["items"]:
            platform = reference.platforms[item["platform"]["id"]]
            category = reference.categories[platform.category]
            assert item["platform"]["summary"] == platform.say("summary", locale)
            assert item["platform"]["category_name"] == category.say("name", locale)
        for offer in answer["support"]:
            assert offer["scheme"] == reference.schemes[offer["scheme_id"]].say("scheme", locale)
        for duty in answer["duties"]:
            assert duty["text"] == reference.obligations[duty["obligation_id"]].say("text", locale)
        need = reference.messages.reasons["need_boost"].say(locale, value="")[:8]
        assert any(r["text"].startswith(need) for i in answer["items"] for r in i["reasons"])


def test_platforms_in_use_are_left_out_unless_asked_for(api, restaurant):
    profile = restaurant | {"platforms_in_use": ["misa-cukcuk"]}
    without = api.recommend(profile=profile, n=100)
    assert "misa-cukcuk" not in shown(without)
    assert without["excluded"]["in_use"] == 1

    with_them = api.recommend(profile=profile, n=100, filters={"exclude_in_use": False})
    assert set(shown(with_them)) == {*shown(without), "misa-cukcuk"}
    assert "in_use" not in with_them["excluded"]


def test_filters_leave_only_what_they_name(api, restaurant, reference):
    everything = api.recommend(profile=restaurant, n=100)
    in_category = api.recommend(profile=restaurant, n=100, filters={"categories": ["pos-fnb"]})
    assert {item["platform"]["category"] for item in in_category["items"]} == {"pos-fnb"}
    outside = [p for p in reference.platforms.values() if p.category != "pos-fnb"]
    assert in_category["excluded"]["category"] == len(outside)

    wanted = shown(everything)[3:6]
    included = api.recommend(profile=restaurant, n=100, filters={"include": wanted})
    assert sorted(shown(included)) == sorted(wanted)
    assert included["excluded"] == {"include": EVERYTHING - 3}

    excluded = api.recommend(profile=restaurant, n=100, filters={"exclude": wanted})
    assert sorted(shown(excluded)) == sorted(set(shown(everything)) - set(wanted))
    assert excluded["excluded"]["exclude"] == 3


def test_filters_do_not_bring_in_what_is_made_for_others(api, restaurant):
    answer = api.recommend(profile=restaurant, n=100, filters={"include": ["asiasoft-erp"]})
    assert answer["items"] == []
    assert answer["excluded"] == {"include": EVERYTHING - 1, "sector": 1}


@pytest.mark.parametrize(
    ("profile", "filters"),
    [
        ({}, {}),
        ({"legal_form": "enterprise", "sector": "C", "employees": 150}, {}),
        ({"legal_form": "enterprise", "sector": "C", "employees": 5_000}, {}),
        (
            {"legal_form": "cooperative", "sector": "A"},
            {"categories": ["traceability", "payments"]},
        ),
        ({"platforms_in_use": ["misa-cukcuk", "sapo"]}, {"exclude": ["sapo", "misa-meinvoice"]}),
        ({"platforms_in_use": ["misa-cukcuk"]}, {"include": ["misa-cukcuk", "momo-business"]}),
    ],
)
def test_every_platform_is_either_eligible_or_excluded_by_one_rule(
    api, restaurant, reference, profile, filters
):
    answer = api.recommend(profile=restaurant | profile, n=100, filters=filters)
    assert len(reference.platforms) == EVERYTHING
    assert answer["eligible"] + sum(answer["excluded"].values()) == EVERYTHING
    assert len(answer["items"]) == answer["eligible"]
    assert all(count > 0 for count in answer["excluded"].values())


def test_nothing_is_shown_that_is_made_for_another_sector_or_size(api, restaurant):
    for sector, legal_form in (("I", "household"), ("C", "enterprise"), ("A", "cooperative")):
        told = {"sector": sector, "legal_form": legal_form}
        answer = api.recommend(profile=restaurant | told, n=100)
        for item in answer["items"]:
            assert sector in item["platform"]["sectors"] or not item["platform"]["sectors"]
            sizes = item["platform"]["sizes"]
            assert answer["size_class"]["code"] in sizes or not sizes


def test_a_list_is_as_long_as_asked_for_and_ranked_from_1(api, restaurant):
    assert len(api.recommend(profile=restaurant)["items"]) == 10
    for n in (1, 7, 100):
        answer = api.recommend(profile=restaurant, n=n)
        assert len(answer["items"]) == min(n, answer["eligible"])
        assert [item["rank"] for item in answer["items"]] == list(
            range(1, len(answer["items"]) + 1)
        )
        assert len(set(shown(answer))) == len(answer["items"])


def test_the_same_business_gets_the_same_list_under_a_new_id(api, restaurant):
    first, second = api.recommend(profile=restaurant), api.recommend(profile=restaurant)
    assert first["recommendation_id"] != second["recommendation_id"]
    assert first["items"] == second["items"]


def test_a_stored_business_gets_the_list_of_its_profile(api, restaurant):
    stored = api.recommend(profile_id=api.store(restaurant))
    assert stored["items"] == api.recommend(profile=restaurant)["items"]


def test_the_model_ranks_by_what_businesses_alike_use(api, restaurant):
    factory = {"legal_form": "enterprise", "sector": "C", "sells_to_consumers": False}
    of_restaurant = api.recommend(profile=restaurant, n=5)
    of_factory = api.recommend(profile=restaurant | factory | {"employees": 130}, n=5)
    assert "misa-cukcuk" in shown(of_restaurant)
    assert "misa-amis" in shown(of_factory)


def test_base_reasons_and_the_rest_add_up_to_the_score(api, restaurant):
    told = {
        "functions": {"sales": "paper"},
        "needs": ["shop-floor", "invoices-tax"],
        "platforms_in_use": ["misa-cukcuk"],
    }
    answer = api.recommend(profile=restaurant | told, n=100)
    for item in answer["items"]:
        contributions = sum(reason["contribution"] for reason in item["reasons"])
        assert item["base"] + contributions + item["other"] == pytest.approx(item["score"])
        assert item["reasons"]
        assert 0 <= item["probability"] <= 1
    assert any(r["feature"] == "history" for item in answer["items"] for r in item["reasons"])


@pytest.mark.parametrize(
    ("locale", "scheme"),
    [("vi", "Nghị định 80/2021/NĐ-CP, Điều 5"), ("en", "Decree 80/2021/ND-CP, Art. 5")],
)
def test_the_rule_of_the_size_class_is_told_in_the_readers_language(
    api, restaurant, locale, scheme
):
    profile = restaurant | {"legal_form": "enterprise"}
    assert api.recommend(profile=profile, locale=locale)["size_class"]["scheme"] == scheme
    assert api.recommend(profile=restaurant, locale=locale)["size_class"]["scheme"] is None


@pytest.mark.parametrize(
    ("told", "code", "assumed"),
    [
        ({}, "micro", ["revenue", "capital"]),
        ({"employees": 40}, "small", ["revenue", "capital"]),
        ({"revenue_bn_vnd": 40}, "micro", ["capital"]),
        ({"capital_bn_vnd": 40}, "micro", ["revenue"]),
        ({"revenue_bn_vnd": 40, "capital_bn_vnd": 60}, "small", []),
        ({"revenue_bn_vnd": 40, "capital_bn_vnd": 1}, "micro", []),
        ({"revenue_bn_vnd": 400, "capital_bn_vnd": 400}, "large", []),
        ({"legal_form": "household"}, "household", []),
    ],
)
def test_the_size_class_says_what_it_had_to_assume(api, restaurant, reference, told, code, assumed):
    profile = restaurant | {"legal_form": "enterprise", "revenue_bn_vnd": None} | told
    size = api.recommend(profile=profile, locale="en")["size_class"]
    assert size["code"] == code
    assert size["assumed"] == assumed
    name = "size_assumed" if len(assumed) == 2 else "_".join(["size_assumed", *assumed])
    assert size["note"] == (reference.messages.notes[name].say("en") if assumed else None)


@pytest.mark.parametrize(
    ("told", "score", "level"),
    [
        ({}, None, None),
        ({"functions": {"sales": "not_applicable"}}, None, None),
        ({"functions": {"sales": "not_done"}}, 0, 0),
        ({"functions": {"sales": "paper", "finance": "separate_tool"}}, 45, 3),
        (
            {
                "functions": {
                    "sales": "paper",
                    "finance": "separate_tool",
                    "people": "not_applicable",
                }
            },
            45,
            3,
        ),
        ({"functions": {"sales": "linked_tool"}, "security": "none"}, 75, 4),
        ({"functions": {"sales": "linked_tool"}, "security": "managed"}, 100, 5),
        ({"strategy": "ideas"}, 33, 2),
    ],
)
def test_maturity_goes_by_what_was_told_and_applies(api, restaurant, reference, told, score, level):
    maturity = api.recommend(profile=restaurant | told, locale="en")["maturity"]
    assert maturity["score"] == score
    assert maturity["level"] == level
    name = None if level is None else reference.levels[level].say("name", "en")
    assert maturity["level_name"] == name
    assert maturity["functions"].keys() == told.get("functions", {}).keys()


@pytest.mark.parametrize(
    ("told", "duties"),
    [
        ({"revenue_bn_vnd": 1.5}, {"till-einvoice": True, "lump-sum-end": True}),
        ({"revenue_bn_vnd": 0.5}, {"lump-sum-end": True}),
        ({"revenue_bn_vnd": None}, {"till-einvoice": False, "lump-sum-end": True}),
        ({"sells_to_consumers": False}, {"lump-sum-end": True}),
        ({"legal_form": "enterprise"}, {"enterprise-einvoice": True}),
        ({"legal_form": "cooperative"}, {"enterprise-einvoice": True}),
    ],
)
def test_duties_are_told_with_the_platforms_that_meet_them(
    api, restaurant, reference, told, duties
):
    answer = api.recommend(profile=restaurant | told, n=100)
    assert {duty["obligation_id"]: duty["certain"] for duty in answer["duties"]} == duties
    for item in answer["items"]:
        category = item["platform"]["category"]
        met = {id_ for id_ in duties if category in reference.obligations[id_].categories}
        assert {duty["obligation_id"] for duty in item["duties"]} == met


def test_a_duty_lifts_the_platforms_that_meet_it_and_says_so(api, restaurant):
    lifted = {}
    for revenue in (0.5, 1.5):
        answer = api.recommend(
            profile=restaurant | {"revenue_bn_vnd": revenue},
            filters={"include": ["misa-meinvoice"]},
        )
        reasons = answer["items"][0]["reasons"]
        lifted[revenue] = [r["contribution"] for r in reasons if r["feature"] == "duty_boost"]
    assert lifted[0.5] == []
    assert [amount > 0 for amount in lifted[1.5]] == [True]


@pytest.mark.parametrize(
    ("told", "schemes"),
    [
        ({}, {"smedx-free-months", "digital-law-draft-basic"}),
        ({"employees": 60}, {"digital-law-draft-basic"}),
        ({"legal_form": "cooperative"}, {"smedx-free-months"}),
        (
            {"legal_form": "enterprise"},
            {"smedx-free-months", "decree-80-solution-micro", "digital-law-draft-basic"},
        ),
        ({"legal_form": "enterprise", "employees": 5_000}, set()),
    ],
)
def test_support_is_told_to_those_who_could_get_it(api, restaurant, reference, told, schemes):
    answer = api.recommend(profile=restaurant | told, n=100)
    assert {offer["scheme_id"] for offer in answer["support"]} == schemes
    for item in answer["items"]:
        for offer in item["support"]:
            assert offer["scheme_id"] in schemes
            for_ = reference.schemes[offer["scheme_id"]].categories
            assert item["platform"]["category"] in for_ or not for_


def test_the_support_of_a_micro_enterprise_is_that_of_decree_80(api, restaurant):
    answer = api.recommend(profile=restaurant | {"legal_form": "enterprise"})
    (offer,) = (o for o in answer["support"] if o["scheme_id"] == "decree-80-solution-micro")
    assert offer["status"] == "in_force"
    assert (offer["rate_pct"], offer["cap_million_vnd_per_year"]) == (50, 20)
    assert all(offer in item["support"] for item in answer["items"])


def test_every_list_is_kept_as_it_was_served(api, restaurant, versions):
    asked = {"n": 4, "locale": "en", "filters": {"exclude": ["sapo"]}, "consent": ["improve"]}
    answer = api.recommend(profile=restaurant, **asked)
    kept = [row for row in api.rows(exposures) if row["id"] == answer["recommendation_id"]]
    assert len(kept) == 1
    assert kept[0]["model_version"] == answer["model"]["version"] == versions[0]
    assert kept[0]["locale"] == "en"
    assert kept[0]["eligible"] == answer["eligible"]
    for id_ in shown(answer):
        assert f'"{id_}"' in kept[0]["items"]
    assert '"exclude":["sapo"]' in kept[0]["filters"]
    assert '"employees":4' in kept[0]["features"]
