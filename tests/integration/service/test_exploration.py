"""What is drawn by chance is said, logged with its probability, and stays for the day."""

import datetime as dt
import io
import re

import msgspec
import pypdf
import pytest
from litestar.testing import TestClient

from recommender.policy import POLICY_VERSION
from service import recommend
from service.app import create_app
from service.settings import Settings, SettingsError
from service.store.engine import make_engine
from service.store.tables import exposures
from tests.owners import RESTAURANT
from tests.unit.web.conftest import Visitor

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


def test_one_slot_of_a_list_explores_and_is_logged_with_all_that_could_be_there(
    exploring, restaurant
):
    answers = [
        exploring.recommend(profile=restaurant | {"employees": employees}, n=8)
        for employees in range(1, 31)
    ]
    rows = {row["id"]: row for row in exploring.rows(exposures)}
    ranks = set()
    for answer in answers:
        (rank,) = [item["rank"] for item in answer["items"] if item["slot"] == "explore"]
        ranks.add(rank)
        row = rows[answer["recommendation_id"]]
        assert row["policy_version"] == POLICY_VERSION
        logged = msgspec.json.decode(row["items"])
        for shown, kept in zip(answer["items"], logged, strict=True):
            assert (kept["platform_id"], kept["slot"]) == (shown["platform"]["id"], shown["slot"])
            assert kept["propensity"] == shown["propensity"]
            assert (shown["propensity"] == 1) == (shown["rank"] < 3)
        explored = msgspec.json.decode(row["explored"])
        assert explored.keys() == {"rank", "ranks", "platform_ids", "chances"}
        assert (explored["rank"], explored["ranks"]) == (rank, [3, 8])
        assert sum(explored["chances"]) == pytest.approx(1, abs=1e-6)
        chances = dict(zip(explored["platform_ids"], explored["chances"], strict=True))
        assert len(chances) == answer["eligible"] - 7
        drawn = logged[rank - 1]
        assert drawn["propensity"] == pytest.approx(chances[drawn["platform_id"]] / 6, abs=1e-8)
    assert ranks == set(range(3, 9))


def test_what_decided_the_draw_is_logged(exploring, restaurant, monkeypatch):
    at = dt.datetime(2026, 3, 1, 18, tzinfo=dt.UTC)
    monkeypatch.setattr(recommend, "now", lambda: at)
    business = exploring.store(restaurant)
    exploring.recommend(profile_id=business)
    exploring.recommend(profile=restaurant, consent=["improve"])
    seeds = {row["profile_id"]: row["seed"] for row in exploring.rows(exposures)}
    assert seeds[business] == f"{business}:2026-03-02"
    assert seeds[None].endswith(":2026-03-02")
    assert len(seeds[None]) > 64


def test_a_list_that_does_not_explore_has_no_draw(api, restaurant):
    answer = api.recommend(profile=restaurant)
    (row,) = [row for row in api.rows(exposures) if row["id"] == answer["recommendation_id"]]
    assert (row["explored"], row["arm"]) == (None, None)


@pytest.mark.parametrize(("share", "least", "most"), [(None, 200, 200), (0.2, 20, 62)])
def test_so_many_lists_explore_as_asked_for_all_of_them_by_default(
    models, tmp_path, restaurant, share, least, most
):
    place = {"database_url": f"sqlite:///{tmp_path}/store.db", "models_dir": models.folder}
    settings = Settings(**place, **({} if share is None else {"exploration_share": share}))
    with TestClient(create_app(settings)) as client:
        found = []
        for employees in range(200):
            asked = {"profile": restaurant | {"employees": employees}, "n": 3}
            items = client.post("/v1/recommendations", json=asked).json()["items"]
            found.append([item["slot"] for item in items])
    assert {tuple(slots[:2]) for slots in found} == {("ranked", "ranked")}
    assert least <= sum(slots[2] == "explore" for slots in found) <= most


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


def test_the_page_and_its_sheet_of_paper_mark_what_was_drawn(exploring, tmp_path):
    visitor = Visitor(exploring.client, tmp_path)
    token, page = visitor.fill(RESTAURANT)
    paper = pypdf.PdfReader(io.BytesIO(visitor.get(f"/result/{token}/sheet.pdf").content))
    told = " ".join(" ".join(each.extract_text() for each in paper.pages).split())
    assert "đưa ra để tìm hiểu xem có hợp" in page.text
    assert told.count("Đưa ra để tìm hiểu xem có hợp") == 1
    (drawn,) = re.findall(r'name="drawn" value="([\w-]+)"', page.text)
    assert f'id="platform-{drawn}"' in page.text
