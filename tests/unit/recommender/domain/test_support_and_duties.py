"""Which duties bind a business and which support is open to it, by the shipped tables."""

import pytest


@pytest.fixture(scope="session")
def duties_of(reference, make_profile):
    """Return `{duty: (certain, met_by)}` of a household restaurant, but for the fields given."""

    def find(**fields):
        duties = reference.duties(make_profile(**fields))
        return {duty.obligation.id: (duty.certain, duty.met_by) for duty in duties}

    return find


@pytest.fixture(scope="session")
def support_of(reference, make_profile):
    """Return the ids of the schemes, in their order."""

    def find(**fields):
        return [scheme.id for scheme in reference.support(make_profile(**fields))]

    return find


@pytest.mark.parametrize("revenue", [1, 1.5, 40])
def test_a_household_restaurant_from_1_billion_on_needs_e_invoices_from_the_till(
    duties_of, revenue
):
    assert duties_of(revenue_bn_vnd=revenue)["till-einvoice"] == (True, ())


def test_the_till_duty_is_possible_where_revenue_is_not_known(duties_of):
    assert duties_of()["till-einvoice"] == (False, ())


@pytest.mark.parametrize("revenue", [0, 0.5, 0.99])
def test_the_till_duty_does_not_bind_below_1_billion(duties_of, revenue):
    assert "till-einvoice" not in duties_of(revenue_bn_vnd=revenue)


def test_the_till_duty_binds_only_who_sells_to_consumers(duties_of):
    assert "till-einvoice" not in duties_of(revenue_bn_vnd=2, sells_to_consumers=False)


def test_the_end_of_lump_sum_tax_binds_every_household_for_certain(duties_of):
    for fields in ({}, {"revenue_bn_vnd": 0.1}, {"sells_to_consumers": False}):
        assert duties_of(**fields)["lump-sum-end"] == (True, ())


def test_an_enterprise_and_a_cooperative_have_the_duty_of_those_who_sell_alone(duties_of):
    for legal_form in ("enterprise", "cooperative"):
        assert duties_of(legal_form=legal_form) == {"enterprise-einvoice": (True, ())}


def test_a_duty_is_met_by_a_platform_of_its_categories_and_no_other(duties_of):
    met = duties_of(revenue_bn_vnd=2, platforms_in_use=["misa-meinvoice", "misa-cukcuk"])
    assert met == {"till-einvoice": (True, ("e-invoice",)), "lump-sum-end": (True, ())}


FREE, DRAFT = "smedx-free-months", "digital-law-draft-basic"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [FREE, DRAFT]),
        ({"employees": 49}, [FREE, DRAFT]),
        ({"employees": 50}, [DRAFT]),
        ({"legal_form": "cooperative", "employees": 49}, [FREE]),
        ({"legal_form": "cooperative", "employees": 50}, []),
        ({"legal_form": "enterprise"}, ["decree-80-solution-micro", FREE, DRAFT]),
        (
            {"legal_form": "enterprise", "employees": 49},
            ["decree-80-solution-small", "decree-80-consultancy-small", FREE],
        ),
        (
            {"legal_form": "enterprise", "employees": 50},
            ["decree-80-solution-small", "decree-80-consultancy-small"],
        ),
        (
            {"legal_form": "enterprise", "employees": 80},
            ["decree-80-solution-medium", "decree-80-consultancy-medium"],
        ),
        (
            {
                "legal_form": "enterprise",
                "employees": 30,
                "revenue_bn_vnd": 900,
                "capital_bn_vnd": 900,
            },
            [FREE],
        ),
        ({"legal_form": "enterprise", "employees": 900}, []),
    ],
    ids=str,
)
def test_support_goes_by_legal_form_size_and_employees(support_of, fields, expected):
    assert support_of(**fields) == expected


def test_what_is_in_force_comes_first_and_a_draft_comes_last(reference, make_profile):
    schemes = reference.support(make_profile(legal_form="enterprise"))
    assert [scheme.status for scheme in schemes] == ["in_force", "reported", "draft"]


def test_caps_and_rates_are_those_of_decree_80(reference):
    found = {
        id_: (scheme.rate_pct, scheme.cap_million_vnd_per_year)
        for id_, scheme in reference.schemes.items()
        if id_.startswith("decree-80")
    }
    assert found == {
        "decree-80-solution-micro": (50, 20),
        "decree-80-solution-small": (50, 50),
        "decree-80-solution-medium": (50, 100),
        "decree-80-consultancy-small": (50, 50),
        "decree-80-consultancy-medium": (50, 100),
    }
