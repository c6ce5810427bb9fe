"""Figures on real data that any implementation of the protocol gets, and ours beside them."""

import importlib
from pathlib import Path

import pytest

from recommender.benchmark import measure, search
from recommender.evaluation import metrics
from recommender.evaluation.dataset import load_dataset

DATASETS = Path(__file__).parents[5] / "shared" / "datasets"

POPULARITY = {
    "kaggle_2017": {"cold": 0.6707, "warm": 0.5501, "thinned": 0.4796},
    "cncf_2022": {"cold": 0.4919, "warm": 0.2881, "thinned": 0.2078},
}


@pytest.fixture(params=POPULARITY)
def folder(request):
    path = DATASETS / request.param
    if not path.is_dir():
        pytest.skip(f"the data set {request.param} is not in ../shared/datasets")
    return path


def quality(data, protocol, name):
    found = measure(data, protocol, name)
    return metrics.ndcg(found.ranking, found.task.wanted, 10).mean()


@pytest.mark.parametrize("protocol", ["cold", "warm", "thinned"])
def test_popularity_reaches_what_it_reaches_elsewhere(folder, protocol):
    found = quality(load_dataset(folder, "firm"), protocol, "popularity")
    assert found == pytest.approx(POPULARITY[folder.name][protocol], abs=5e-5)


@pytest.mark.parametrize("view", ["firm", "all"])
def test_the_linear_ranker_is_above_both_kinds_of_popularity(folder, view, monkeypatch):
    """With a third of the configurations, to be quick; so it holds all the more with all."""
    for module in search, importlib.import_module("recommender.benchmark.measure"):
        monkeypatch.setattr(module, "BUDGET", 8)
    data = load_dataset(folder, view)
    for protocol in ("cold", "warm", "thinned"):
        ours = quality(data, protocol, "linear")
        for name in ("popularity", "segment_popularity"):
            assert ours > quality(data, protocol, name), f"{protocol}: not above {name}"
