"""The benchmark on a small folder, from the files to the figures and the lists."""

import importlib
import json
from dataclasses import replace
from zlib import crc32

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from scipy import sparse

from recommender.benchmark import DEFAULT, NAMES, benchmark, measure, search
from recommender.evaluation.dataset import DatasetError, load_dataset
from service.cli import main

module = importlib.import_module("recommender.benchmark.measure")
USERS, ITEMS = 90, [f"item-{number}" for number in range(8)]
FIGURES = {
    "dataset",
    "protocol",
    "view",
    "ranker",
    "test_users",
    "ndcg10",
    "ci",
    "ndcg5",
    "recall5",
    "train_seconds",
    "search_seconds",
    "parameters",
}


@pytest.fixture(autouse=True)
def few_configurations(monkeypatch):
    """Try two configurations of each ranker."""
    monkeypatch.setattr(search, "BUDGET", 2)
    monkeypatch.setattr(module, "BUDGET", 2)
    few = {
        name: lambda data, made=made: made(data)[:2] for name, made in module.CONFIGURATIONS.items()
    }
    monkeypatch.setattr(module, "CONFIGURATIONS", few)


@pytest.fixture
def folder(tmp_path):
    """Businesses of two industries; each mostly uses the items of its half, at least two."""
    draw = np.random.default_rng(0)
    rows = []
    industries = [("retail", "mining")[number % 2] for number in range(USERS)]
    for user in range(USERS):
        likely = np.where(np.arange(8) // 4 == user % 2, 0.7, 0.1)
        used = set(np.flatnonzero(draw.random(8) < likely)) | {4 * (user % 2), 4 * (user % 2) + 1}
        rows += [(f"user-{user}", ITEMS[item], 1.0) for item in sorted(used)]
    path = tmp_path / "tiny"
    path.mkdir()
    users = {"user_id": [f"user-{number}" for number in range(USERS)], "industry": industries}
    pd.DataFrame(users | {"size": "small"}).to_parquet(path / "users.parquet")
    items = {"item_id": ITEMS, "item_name": ITEMS, "section": "all"}
    pd.DataFrame(items).to_parquet(path / "items.parquet")
    table = pd.DataFrame(rows, columns=["user_id", "item_id", "value"])
    table.to_parquet(path / "interactions.parquet")
    description = {"firm": ["industry"], "segment": ["industry"]}
    (path / "dataset.json").write_text(json.dumps(description))
    return path


def used_by(folder):
    table = pd.read_parquet(folder / "interactions.parquet")
    return table.groupby("user_id")["item_id"].agg(set).to_dict()


def hashed(user, items):
    return sorted(items, key=lambda item: crc32(f"{user}:{item}".encode()))


def histories(folder, protocol):
    """Return what is told of each test user, worked out from the files alone."""
    until = {"cold": lambda n: 0, "warm": lambda n: n - 1, "thinned": lambda n: min(n - 1, 3)}
    return {
        user: set(hashed(user, items)[: until[protocol](len(items))])
        for user, items in used_by(folder).items()
        if crc32(user.encode()) % 5 == 0
    }


def ndcg(ranked, wanted, k):
    gains = sum(1 / np.log2(place + 2) for place, item in enumerate(ranked[:k]) if item in wanted)
    return gains / sum(1 / np.log2(place + 2) for place in range(min(k, len(wanted))))


@pytest.mark.parametrize("protocol", ["cold", "warm", "thinned"])
def test_every_test_user_gets_a_full_ranking_without_its_history(folder, tmp_path, protocol):
    path = tmp_path / "new" / "lists.parquet"
    benchmark(folder, protocol, "all", lists=path)
    lists = pd.read_parquet(path)
    assert list(lists.columns) == ["user_id", "item_id", "rank", "score"]
    told = histories(folder, protocol)
    assert set(lists["user_id"]) == set(told)
    for user, own in lists.groupby("user_id"):
        assert own["rank"].tolist() == list(range(1, len(own) + 1))
        assert len(own) == own["item_id"].nunique()
        assert set(own["item_id"]) == set(ITEMS) - told[user]
        order = own.sort_values(["score", "item_id"], ascending=[False, True])
        assert order["rank"].tolist() == own["rank"].tolist()


@pytest.mark.parametrize("protocol", ["cold", "warm", "thinned"])
def test_the_figures_are_those_of_the_lists(folder, tmp_path, protocol):
    path = tmp_path / "lists.parquet"
    figures = benchmark(folder, protocol, "firm", lists=path)
    used, told = used_by(folder), histories(folder, protocol)
    lists = pd.read_parquet(path).groupby("user_id")["item_id"].agg(list)
    found = {"ndcg10": [], "ndcg5": [], "recall5": []}
    for user, ranked in lists.items():
        wanted = used[user] if protocol == "cold" else {hashed(user, used[user])[-1]}
        assert not wanted & told[user]
        found["ndcg10"].append(ndcg(ranked, wanted, 10))
        found["ndcg5"].append(ndcg(ranked, wanted, 5))
        found["recall5"].append(len(wanted & set(ranked[:5])) / min(5, len(wanted)))
    for name, values in found.items():
        assert figures[name] == pytest.approx(np.mean(values), abs=6e-5)
    assert figures["ci"][0] < figures["ndcg10"] < figures["ci"][1]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("protocol", ["cold", "warm"])
def test_every_ranker_gives_every_figure(folder, name, protocol):
    figures = json.loads(json.dumps(benchmark(folder, protocol, "all", name)))
    assert set(figures) == FIGURES
    assert (figures["dataset"], figures["protocol"], figures["view"], figures["ranker"]) == (
        "tiny",
        protocol,
        "all",
        name,
    )
    assert figures["test_users"] == len(histories(folder, protocol))
    assert figures["train_seconds"] >= 0
    assert figures["search_seconds"] >= 0
    if name != "popularity":
        assert figures["parameters"]
        if protocol == "cold":
            assert figures["ndcg10"] > benchmark(folder, protocol, "all", "popularity")["ndcg10"]


def test_the_same_folder_gives_the_same_figures(folder):
    def figures():
        found = benchmark(folder, "warm", "all")
        return {name: value for name, value in found.items() if "seconds" not in name}

    assert figures() == figures()


@pytest.mark.parametrize("name", [DEFAULT, "segment_popularity", "logistic"])
@pytest.mark.parametrize("protocol", ["cold", "warm", "thinned"])
def test_nothing_is_learned_from_test_users(folder, name, protocol):
    data = load_dataset(folder, "all")
    test = np.array([crc32(user.encode()) % 5 == 0 for user in data.users])
    changed = data.interactions.toarray()
    changed[test] = 1 - changed[test]
    changed[test, :2] = 1
    other = replace(data, interactions=sparse.csr_array(changed))
    ask = data.profiles, data.interactions
    before, after = (measure(each, protocol, name) for each in (data, other))
    assert before.ranker.get_params() == after.ranker.get_params()
    assert (before.ranker.score(*ask) == after.ranker.score(*ask)).all()
    assert (before.task.wanted.toarray() != after.task.wanted.toarray()).any()


@pytest.mark.parametrize(
    ("name", "chooser", "learned_from"),
    [
        (DEFAULT, "choose_linear", lambda sums, *others: sums.weight),
        ("logistic", "choose_among", lambda rankers, pair, *others: pair[0].shape[0]),
    ],
)
def test_parameters_are_chosen_after_learning_from_three_folds(
    folder, monkeypatch, name, chooser, learned_from
):
    seen = []
    choose = getattr(module, chooser)

    def watch(*args, **options):
        seen.append(learned_from(*args))
        return choose(*args, **options)

    monkeypatch.setattr(module, chooser, watch)
    data = load_dataset(folder, "all")
    measure(data, "cold", name)
    assert seen == [sum(crc32(user.encode()) % 5 > 1 for user in data.users)]


def test_validation_users_are_learned_from_in_the_end(folder):
    data = load_dataset(folder, "all")
    rest = np.array([crc32(user.encode()) % 5 != 0 for user in data.users])
    found = measure(data, "cold", "popularity")
    assert found.scores[0] == pytest.approx(data.interactions.toarray()[rest].mean(axis=0))


def only(folder, *, keep):
    """Keep the users for whose fold `keep` holds."""
    users = pd.read_parquet(folder / "users.parquet")
    kept = users["user_id"].map(lambda user: keep(crc32(user.encode()) % 5))
    users[kept].to_parquet(folder / "users.parquet")
    return folder


@pytest.mark.parametrize("keep", [lambda fold: fold == 0, lambda fold: fold != 0])
def test_too_few_users_are_refused(folder, keep):
    with pytest.raises(DatasetError, match="too few users"):
        benchmark(only(folder, keep=keep), "cold", "all")


@pytest.mark.parametrize("keep", [lambda fold: fold != 1, lambda fold: fold < 2])
@pytest.mark.parametrize("name", [DEFAULT, "segment_popularity"])
def test_a_folder_without_a_fold_to_choose_on_is_measured_all_the_same(folder, keep, name):
    assert benchmark(only(folder, keep=keep), "warm", "all", name)["ndcg10"] > 0


@pytest.mark.parametrize("name", NAMES)
def test_users_with_one_item_each_are_ranked_for_from_the_profile_alone(folder, name):
    table = pd.read_parquet(folder / "interactions.parquet")
    table.drop_duplicates("user_id").to_parquet(folder / "interactions.parquet")
    assert benchmark(folder, "cold", "all", name)["ndcg10"] > 0
    with pytest.raises(DatasetError, match="too few users"):
        benchmark(folder, "warm", "all", name)


def test_the_command_prints_the_figures_in_its_last_line(folder, tmp_path):
    path = tmp_path / "lists.parquet"
    options = ["--protocol", "thinned", "--view", "firm", "--ranker", "popularity"]
    answer = CliRunner().invoke(main, ["benchmark", str(folder), *options, "--lists", str(path)])
    assert answer.exit_code == 0, answer.output
    figures = json.loads(answer.stdout.splitlines()[-1])
    assert set(figures) == FIGURES
    assert (figures["protocol"], figures["view"]) == ("thinned", "firm")
    assert path.exists()


def test_the_command_measures_the_linear_ranker_cold_on_every_column_unless_told(
    folder, monkeypatch
):
    monkeypatch.chdir(folder)
    answer = CliRunner().invoke(main, ["benchmark", "."])
    figures = json.loads(answer.stdout.splitlines()[-1])
    assert [figures[name] for name in ("dataset", "protocol", "view", "ranker")] == [
        "tiny",
        "cold",
        "all",
        "linear",
    ]


def test_the_command_tells_which_file_is_wrong(folder):
    (folder / "items.parquet").unlink()
    answer = CliRunner().invoke(main, ["benchmark", str(folder)])
    assert answer.exit_code == 1
    assert "items.parquet" in answer.output
    assert "Traceback" not in answer.output
