"""Reasons are the parts of the score, and what they say is true of those parts."""

import numpy as np
import pytest

from recommender.calibration import Calibration, Curve
from recommender.domain.recommendation import Reason
from recommender.features import profile_encoder
from recommender.model import Model, Scored
from recommender.policy.explanation import MOST_REASONS, POPULAR, Explainer
from recommender.profiles import FUNCTION_COLUMNS
from recommender.rankers import Contributions

PLATFORMS = ("misa-amis", "misa-cukcuk", "misa-meinvoice")
MEINVOICE = np.array([2])
BASE = 0.2
CURVE = Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
CALIBRATION = Calibration(CURVE, CURVE)


class Ranker:
    """Has learned nothing: the contributions are those it is given."""

    def __init__(self, profile, history):
        self.parts = Contributions(BASE, profile, history)

    def contributions(self, profile, history, platform):
        return self.parts


@pytest.fixture(scope="session")
def encoder(reference):
    return profile_encoder(reference)


@pytest.fixture(scope="session")
def explain(reference, encoder):
    """Explain a platform to a business that has set the columns in `told` and uses `used`.

    `parts` are the contributions, by `(field, value)` or by platform.
    """

    def make(parts, told=(), used=(), boosts=(), locale="en", use=(0.2, 0.2, 0.2)):
        profile, history = np.zeros(len(encoder.columns)), np.zeros(len(PLATFORMS))
        for key, amount in parts.items():
            if key in PLATFORMS:
                history[PLATFORMS.index(key)] = amount
            else:
                profile[encoder.columns.index(key)] = amount
        use = None if use is None else np.array(use)
        model = Model(encoder, PLATFORMS, Ranker(profile, history), CALIBRATION, use)
        columns = np.array([encoder.columns.index(key) for key in told], dtype=np.intp)
        in_use = np.array([PLATFORMS.index(id_) for id_ in used], dtype=np.intp)
        total = BASE + sum(parts.values())
        scored = Scored(np.full(len(PLATFORMS), total), None, columns, in_use)
        explainer = Explainer(model, reference)
        ((base, reasons, other),) = explainer.explain(scored, MEINVOICE, [boosts], locale)
        total += sum(boost.contribution for boost in boosts)
        told_of = sum(reason.contribution for reason in reasons)
        assert base + told_of + other == pytest.approx(total)
        return base, [(r.feature, pytest.approx(r.contribution), r.text) for r in reasons], other

    return make


FOOD, SMALL = ("sector", "I"), ("size", "micro")


def test_each_reason_names_the_answer_and_what_its_field_adds(explain):
    base, reasons, other = explain({FOOD: 0.3, SMALL: 0.1}, told=[FOOD, SMALL])
    assert base == BASE
    assert reasons == [
        ("sector", 0.3, "Suits your line of business: accommodation and food service"),
        ("size", 0.1, "Suits your size: micro"),
    ]
    assert other == pytest.approx(0)


def test_what_the_other_values_of_a_field_add_belongs_to_the_field(explain):
    _, reasons, _ = explain({FOOD: 0.3, ("sector", "A"): -0.1, ("sector", "C"): 0.05}, told=[FOOD])
    assert [(feature, amount) for feature, amount, _ in reasons] == [("sector", 0.25)]


def test_what_a_pair_of_answers_adds_is_shared_by_the_two(explain):
    pair = ("sector x size", "I x micro")
    _, reasons, other = explain({FOOD: 0.3, pair: 0.2}, told=[FOOD, SMALL, pair])
    assert [(feature, amount) for feature, amount, _ in reasons] == [("sector", 0.4), ("size", 0.1)]
    assert other == pytest.approx(0)


def test_what_was_not_told_is_no_reason(explain):
    _, reasons, other = explain({FOOD: 0.3, ("budget", "nothing"): 0.2}, told=[FOOD])
    assert [feature for feature, _, _ in reasons] == ["sector"]
    assert other == pytest.approx(0.2)


def test_the_largest_parts_are_told_and_the_others_added_up(explain):
    told = [("sector", "I"), ("size", "micro"), ("budget", "nothing"), ("strategy", "none")]
    amounts = [0.1, 0.4, 0.2, 0.3]
    _, reasons, other = explain(dict(zip(told, amounts, strict=True)), told=told)
    assert [feature for feature, _, _ in reasons] == ["size", "strategy", "budget"]
    assert len(reasons) == MOST_REASONS
    assert other == pytest.approx(0.1)


def test_what_speaks_against_or_hardly_for_a_platform_is_no_reason(explain):
    _, reasons, other = explain({FOOD: 0.5, SMALL: -0.2, ("budget", "nothing"): 0.01},
                                told=[FOOD, SMALL, ("budget", "nothing")])  # fmt: skip
    assert [feature for feature, _, _ in reasons] == ["sector"]
    assert other == pytest.approx(-0.19)


def test_without_any_reason_the_platform_is_simply_popular(explain):
    base, reasons, other = explain({FOOD: -0.05}, told=[FOOD])
    assert base == 0
    assert reasons == [("popular", BASE, "Used by many businesses")]
    assert other == pytest.approx(-0.05)


def test_nothing_is_called_popular_without_a_model_that_knows(explain):
    _, reasons, _ = explain({FOOD: -0.05}, told=[FOOD], use=None)
    assert reasons == [("listed", BASE, "Listed for businesses of your line and size")]


def test_what_few_use_is_not_called_popular(explain):
    _, reasons, _ = explain({FOOD: -0.05}, told=[FOOD], use=(0.9, 0.9, POPULAR - 0.01))
    assert [feature for feature, _, _ in reasons] == ["listed"]


def test_boosts_come_first(explain):
    boost = Reason("duty_boost", 0.15, "the law")
    base, reasons, _ = explain({FOOD: 0.3}, told=[FOOD], boosts=[boost])
    assert [feature for feature, _, _ in reasons] == ["duty_boost", "sector"]
    assert base == BASE


def test_a_need_is_told_once(explain):
    """The boost says it already; what the model adds for it goes to the rest."""
    need = ("needs", "get-paid")
    boost = Reason("need_boost", 0.05, "your need")
    _, reasons, other = explain({need: 0.3}, told=[need], boosts=[boost])
    assert [feature for feature, _, _ in reasons] == ["need_boost"]
    assert other == pytest.approx(0.3)


def test_history_names_the_platform_that_speaks_most_for_it(explain):
    parts = {"misa-amis": 0.1, "misa-cukcuk": 0.3}
    _, reasons, _ = explain(parts, used=["misa-amis", "misa-cukcuk"])
    assert reasons == [("history", 0.4, "Suits those who use CUKCUK")]


def test_a_platform_in_use_that_does_not_speak_for_it_is_not_named(explain):
    """What speaks for it is that others are not used; that is true, but no such sentence."""
    parts = {"misa-amis": -0.1, "misa-cukcuk": 0.3}
    _, reasons, other = explain(parts, used=["misa-amis"])
    assert [feature for feature, _, _ in reasons] == ["popular"]
    assert other == pytest.approx(0.2)


def test_a_need_that_does_not_speak_for_it_is_not_named(explain):
    paid, online = ("needs", "get-paid"), ("needs", "sell-online")
    _, reasons, other = explain({FOOD: 0.2, paid: -0.1, online: 0.3}, told=[FOOD, paid])
    assert [feature for feature, _, _ in reasons] == ["sector"]
    assert other == pytest.approx(0.2)


def test_of_the_functions_only_the_one_that_the_platform_serves_is_a_reason(explain):
    parts = {("function_finance", "paper"): 0.1, ("function_sales", "paper"): 0.3}
    _, reasons, other = explain(parts, told=list(parts))
    text = "Books, invoices and taxes today: on paper, in a notebook"
    assert reasons == [("function_finance", 0.1, text)]
    assert other == pytest.approx(0.3)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_answer_can_be_told_as_a_reason(explain, encoder, locale):
    functions = set(FUNCTION_COLUMNS.values()) - {"function_finance"}
    for column in encoder.columns:
        if column[0] in functions or column[0] not in encoder.vocabulary:
            continue
        _, reasons, _ = explain({column: 0.3}, told=[column], locale=locale)
        ((feature, _, text),) = reasons
        assert feature == column[0]
        assert text
        assert "{" not in text
        assert column[1] not in {"None", text}
