import msgspec
import numpy as np
import pytest

from recommender.domain import BusinessProfile, Reference
from recommender.profiles import profile_table
from recommender.simulation import Behaviour


def functions(**states: str) -> dict[str, str]:
    return {name.replace("_", "-"): state for name, state in states.items()}


RESTAURANT = BusinessProfile(
    legal_form="household",
    sector="I",
    employees=4,
    revenue_bn_vnd=1.5,
    province="48",
    sells_to_consumers=True,
    functions=functions(
        finance="paper", sales="paper", customers="not_done", people="paper",
        operations="not_applicable", supply_chain="not_applicable",
        documents="not_applicable", infrastructure="not_done",
    ),
    strategy="none",
    data_use="recorded",
    security="passwords",
    needs=("shop-floor", "invoices-tax", "get-paid"),
    budget="under_200k",
)  # fmt: skip
RICE_COOPERATIVE = BusinessProfile(
    legal_form="cooperative",
    sector="A",
    employees=24,
    province="82",
    sells_to_consumers=False,
    functions=functions(
        finance="spreadsheet", sales="paper", customers="paper", people="paper",
        operations="paper", supply_chain="paper", documents="paper", infrastructure="not_done",
    ),
    strategy="ideas",
    data_use="recorded",
    security="passwords",
    needs=("deliver-trace", "sell-online", "invoices-tax"),
    budget="200k_1m",
    platforms_in_use=("vnpt-einvoice",),
)  # fmt: skip
GARMENT_EXPORTER = BusinessProfile(
    legal_form="enterprise",
    sector="C",
    employees=120,
    revenue_bn_vnd=90,
    province="79",
    sells_to_consumers=False,
    functions=functions(
        finance="spreadsheet", sales="spreadsheet", customers="spreadsheet", people="spreadsheet",
        operations="spreadsheet", supply_chain="spreadsheet", documents="paper",
        infrastructure="separate_tool",
    ),
    strategy="plan",
    data_use="reviewed",
    security="backups",
    needs=("manage-staff", "organise-work", "paperless", "protect-data"),
    budget="over_5m",
    platforms_in_use=("misa-meinvoice",),
)  # fmt: skip
ONLINE_SHOP = BusinessProfile(
    legal_form="household",
    sector="G",
    employees=2,
    revenue_bn_vnd=0.9,
    province="79",
    sells_to_consumers=True,
    functions=functions(
        finance="paper", sales="spreadsheet", customers="paper", people="not_applicable",
        operations="not_applicable", supply_chain="paper", documents="not_applicable",
        infrastructure="not_done",
    ),
    strategy="ideas",
    data_use="recorded",
    security="passwords",
    needs=("sell-online", "find-customers", "get-paid"),
    budget="200k_1m",
)  # fmt: skip


@pytest.fixture(scope="module")
def behaviour(reference: Reference) -> Behaviour:
    return Behaviour(reference)


@pytest.fixture(scope="module")
def worth(behaviour, reference):
    """Return the utility of each platform for one business, by id."""

    def worth(profile: BusinessProfile, lodging: bool = False, **changes) -> dict[str, float]:
        profile = msgspec.structs.replace(profile, **changes)
        table = profile_table([("business", profile)], reference)
        utilities = behaviour.utilities(table, np.array([lodging]))
        assert utilities.shape == (1, len(reference.platforms))
        assert utilities.dtype == np.float32
        return dict(zip(behaviour.platforms, utilities[0].tolist(), strict=True))

    return worth


@pytest.mark.parametrize(
    ("profile", "in_the_first_ten", "among_the_first_categories"),
    [
        (RESTAURANT, {"pos-fnb", "e-invoice", "payments", "accounting"}, set()),
        (
            RICE_COOPERATIVE,
            {"traceability", "e-commerce", "logistics", "accounting"},
            {"digital-signature"},
        ),
        (
            GARMENT_EXPORTER,
            {"erp-all-in-one", "accounting", "digital-signature", "hr", "e-contract"},
            {"cybersecurity"},
        ),
        (
            ONLINE_SHOP,
            {"payments", "logistics", "marketing-messaging", "pos-retail"},
            {"e-commerce"},
        ),
    ],
    ids=["restaurant", "rice co-operative", "garment exporter", "online shop"],
)
def test_the_best_platforms_make_sense_to_a_consultant(
    profile, in_the_first_ten, among_the_first_categories, worth, reference
) -> None:
    found = worth(profile)
    best = sorted(found, key=found.__getitem__, reverse=True)
    ten = best[:10]
    for id_ in ten:
        print(f"{found[id_]:5.1f} {id_:24} {reference.platforms[id_].category}")
    assert in_the_first_ten <= {reference.platforms[id_].category for id_ in ten}
    categories = list(dict.fromkeys(reference.platforms[id_].category for id_ in best))
    assert in_the_first_ten | among_the_first_categories <= set(categories[:7])


def test_farm_marketplaces_lead_online_selling_for_a_cooperative(worth, reference) -> None:
    found = worth(RICE_COOPERATIVE)
    shops = [id_ for id_, p in reference.platforms.items() if p.category == "e-commerce"]
    assert set(sorted(shops, key=found.__getitem__)[-2:]) == {"postmart", "voso"}


def test_a_need_and_a_duty_raise_and_a_small_budget_lowers(worth) -> None:
    before = worth(RESTAURANT)
    assert worth(RESTAURANT, needs=("protect-data",))["cyradar"] > before["cyradar"]
    no_duty = worth(RESTAURANT, revenue_bn_vnd=0.4)
    maybe = worth(RESTAURANT, revenue_bn_vnd=None)
    assert no_duty["cyberbill"] < maybe["cyberbill"] < before["cyberbill"]
    assert (
        worth(GARMENT_EXPORTER, budget="nothing")["bravo-erp"]
        < worth(GARMENT_EXPORTER)["bravo-erp"]
    )


def test_price_weighs_less_where_the_platform_is_needed(worth) -> None:
    def lost_for_want_of_money(needs: tuple[str, ...]) -> float:
        rich, poor = (
            worth(GARMENT_EXPORTER, needs=needs, budget=budget)["bravo-erp"]
            for budget in ("over_5m", "nothing")
        )
        return rich - poor

    assert lost_for_want_of_money(("organise-work",)) < 0.6 * lost_for_want_of_money(())


def test_what_is_in_use_takes_the_place_of_its_category(worth) -> None:
    before = worth(RESTAURANT)
    after = worth(RESTAURANT, platforms_in_use=("misa-cukcuk",))
    assert after["misa-cukcuk"] < -20
    assert after["ipos-fabi"] < before["ipos-fabi"] - 1
    assert after["momo-business"] > before["momo-business"]


def test_lodging_wants_rooms_and_food_wants_tables(worth) -> None:
    food, lodging = worth(RESTAURANT), worth(RESTAURANT, lodging=True)
    assert lodging["ezcloud"] > food["ezcloud"]
    assert lodging["misa-cukcuk"] < food["misa-cukcuk"]
    assert worth(ONLINE_SHOP, lodging=True) == worth(ONLINE_SHOP)


def test_a_platform_keeps_its_utility_when_another_one_leaves_the_catalogue(
    reference, worth
) -> None:
    rest = {id_: p for id_, p in reference.platforms.items() if p.category != "crm"}
    smaller = Behaviour(type(reference)(**vars_of(reference) | {"platforms": rest}))
    table = profile_table([("business", GARMENT_EXPORTER)], reference)
    utilities = dict(zip(smaller.platforms, smaller.utilities(table)[0].tolist(), strict=True))
    before = worth(GARMENT_EXPORTER)
    assert utilities == pytest.approx({id_: before[id_] for id_ in rest})


def vars_of(reference: Reference) -> dict[str, object]:
    return {name: getattr(reference, name) for name in reference.__dataclass_fields__}


def test_adoption_is_a_probability_that_rises_with_utility_and_awareness(
    behaviour, reference
) -> None:
    profiles = [
        (province, msgspec.structs.replace(GARMENT_EXPORTER, province=province))
        for province in ("01", "48")
    ]
    table = profile_table(profiles, reference)
    probability = behaviour.adoption_probability(table)
    assert probability.min() >= 0
    assert probability.max() < 1
    order = np.argsort(behaviour.utilities(table)[0])
    assert (np.diff(probability[0, order]) >= 0).all()
    assert probability[1].mean() < 0.5 * probability[0].mean()
