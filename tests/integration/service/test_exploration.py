"""What is drawn by chance is said, logged with its probability, and stays for the day."""

import datetime as dt

import msgspec
import pytest
from litestar.testing import TestClient

from recommender.policy import POLICY_VERSION
from service import recommend
from service.app import create_app
from service.settings import Settings, SettingsError
from service.store.engine import make_engine
from service.store.tables import exposures

from .conftest import Api


@pytest.fixture
def exploring(models, tmp_path):
    """The application where every list has a slot to explore."""
    url = f"sqlite:///{tmp_path}/store.db"
    settings = Settings(database_url=url, models_dir=models.folder, exploration_share=1.0)
    engine = make_engine(url)
    with TestClient(create_app(settings)) as client:
        yield Api(client, engine)
    engine.dispose()


def test_one_slot_of_a_list_explores_and_is_logged_with_its_probability(exploring, restaurant):
    answer = exploring.recommend(profile=restaurant, n=8)
    slots = [item["slot"] for item in answer["items"]]
    assert slots == ["ranked"] * 4 + ["explore"] + ["ranked"] * 3
    (row,) = exploring.rows(exposures)
    logged = msgspec.json.decode(row["items"])
    assert row["policy_version"] == POLICY_VERSION
    for shown, kept in zip(answer["items"], logged, strict=True):
        assert (kept["platform_id"], kept["slot"]) == (shown["platform"]["id"], shown["slot"])
        assert kept["propensity"] == shown["propensity"]
    assert [item["propensity"] == 1 for item in answer["items"]] == [True] * 4 + [False] + [
        True
    ] * 3


def test_what_was_drawn_claims_no_boost_and_its_parts_add_up(exploring, restaurant):
    needs = {"needs": ["shop-floor", "invoices-tax", "get-paid", "sell-online"]}
    boosted = 0
    for employees in range(1, 40):
        profile = restaurant | needs | {"employees": employees}
        for item in exploring.recommend(profile=profile, n=8)["items"]:
            features = [reason["feature"] for reason in item["reasons"]]
            parts = sum(reason["contribution"] for reason in item["reasons"])
            assert item["base"] + parts + item["other"] == pytest.approx(item["score"])
            lifted = {"need_boost", "duty_boost"} & set(features)
            assert not (lifted and item["slot"] == "explore")
            boosted += bool(lifted)
    assert boosted


def test_the_same_business_gets_the_same_list_all_day_and_others_get_others(
    exploring, restaurant, monkeypatch
):
    business = exploring.store(restaurant)
    morning = dt.datetime(2026, 3, 1, 18, tzinfo=dt.UTC)  # one o'clock at night in Vietnam

    def drawn(at, profile_id):
        monkeypatch.setattr(recommend, "now", lambda: at)
        items = exploring.recommend(profile_id=profile_id, n=8)["items"]
        return next(item["platform"]["id"] for item in items if item["slot"] == "explore")

    hours = [drawn(morning + dt.timedelta(hours=h), business) for h in (0, 6, 12, 22)]
    assert len(set(hours)) == 1
    days = {drawn(morning + dt.timedelta(days=d), business) for d in range(12)}
    assert len(days) > 3
    others = {drawn(morning, exploring.store(restaurant)) for _ in range(12)}
    assert len(others) > 3


def test_without_a_share_nothing_is_drawn(api, restaurant):
    items = api.recommend(profile=restaurant, n=8)["items"]
    assert {(item["slot"], item["propensity"]) for item in items} == {("ranked", 1.0)}


@pytest.mark.parametrize(
    ("name", "value"),
    [("EXPLORATION_SHARE", "1.5"), ("EXPLORATION_SHARE", "some"), ("EXPLORATION_TEMPERATURE", "0")],
)
def test_a_setting_that_is_no_share_is_refused_by_name(name, value):
    with pytest.raises(SettingsError, match=f"{name}='?{value}"):
        Settings.from_environment({name: value})
