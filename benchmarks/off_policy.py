"""What estimators tell of policies whose truth is known from real data: `make bench-off-policy`.

A survey of 1,580 organisations on 51 tools, where a simulated policy reveals one each; and a shop
in which two policies ran side by side, so that the log of the random one can tell the clicks of the
other. Reads `../shared/datasets`, writes `benchmarks/off_policy.md`; the last line is JSON.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import softmax

from benchmarks.machine import machine_and_commit
from recommender.evaluation.intervals import bootstrap_interval
from recommender.evaluation.off_policy.estimate import Estimate, estimate
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, SNIPS

Floats = NDArray[np.float64]

ROOT = Path(__file__).resolve().parents[1]
DATASETS = ROOT.parent / "shared" / "datasets"
SURVEY = DATASETS / "cncf_2022"
SHOP = DATASETS / "open_bandit_small" / "impressions.parquet"
LOGS, RESAMPLES = 100, 200
"""Logs of the survey that are drawn, and how often each of them is resampled."""


class Survey:
    """What 1,580 organisations answered on 51 tools: the truth of any policy is known exactly.

    A simulated policy, which likes popular tools, shows each organisation one tool, and only that
    answer is revealed.

    Attributes:
        rewards: Whether a tool is in production, (n_organisations, n_tools).
        logging: How likely the policy that ran shows each tool, same shape.
        targets: Likewise for the policies that are judged, by name.
    """

    def __init__(self) -> None:
        answers = pd.read_parquet(SURVEY / "exposures.parquet")
        table = answers.pivot(index="user_id", columns="item_id", values="response")
        users = pd.read_parquet(SURVEY / "users.parquet").set_index("user_id").loc[table.index]
        self.rewards = (table == "production").to_numpy(float)
        self.shape = self.rewards.shape
        self.logging = softmax(np.tile(_liking(self.rewards), (self.shape[0], 1)), axis=1)
        by_maturity = np.zeros(self.shape)
        for _, rows in users.groupby("cloud_native_maturity", dropna=False).indices.items():
            by_maturity[rows] = _liking(self.rewards[rows])
        self.targets: dict[str, Floats] = {
            "uniform": np.full(self.shape, 1 / self.shape[1]),
            "by maturity": softmax(1.6 * by_maturity, axis=1),
        }

    def truth(self, name: str) -> float:
        """Return the reward of a policy."""
        return float((self.targets[name] * self.rewards).sum(axis=1).mean())

    def log(self, seed: int) -> Log:
        """Draw what the policy that ran shows each organisation."""
        draw = np.random.default_rng(seed)
        beyond = draw.random((self.shape[0], 1)) > self.logging.cumsum(axis=1)
        actions = np.minimum(beyond.sum(axis=1), self.shape[1] - 1)
        rows = np.arange(self.shape[0])
        return Log(actions, self.rewards[rows, actions], self.logging[rows, actions])


def _liking(rewards: Floats) -> Floats:
    share = rewards.mean(axis=0)
    return np.asarray((share - share.mean()) / share.std())


def impressions() -> pd.DataFrame:
    """Return what two policies showed in a shop, with `slot` and `item` named by campaign."""
    shown = pd.read_parquet(SHOP)
    shown["slot"] = shown.campaign + " " + shown.position.astype(str)
    shown["item"] = shown.campaign + " " + shown.item_id.astype(str)
    return shown


def split(shown: pd.DataFrame) -> tuple[Log, Target, Log]:
    """Return the log of the random policy, the other as target, and the other's own log.

    The other learned as it went; its mean over the week is how often it showed an item in a place.
    """
    random, other = (shown[shown.policy == name] for name in ("random", "bts"))
    shares = other.groupby("slot").item.value_counts(normalize=True)
    pairs = pd.MultiIndex.from_frame(random[["slot", "item"]])
    log, own = (
        Log(
            actions=pd.factorize(each.item)[0],
            rewards=each.click.to_numpy(float),
            propensities=each.propensity_score.to_numpy(),
        )
        for each in (random, other)
    )
    return log, Target(shares.reindex(pairs).fillna(0).to_numpy()), own


class Row(NamedTuple):
    """A policy, what is true of it, and what the log of another one tells of it."""

    policy: str
    truth: str
    naive: float
    found: tuple[Estimate, Estimate]
    digits: int
    held: tuple[int, int] | None = None

    def __str__(self) -> str:
        told = [
            f"{each.value:.{self.digits}f} ({each.low:.{self.digits}f} to "
            f"{each.high:.{self.digits}f})"
            for each in self.found
        ]
        held = "" if self.held is None else f"{self.held[0]} and {self.held[1]} of {LOGS}"
        naive = f"{self.naive:.{self.digits}f}"
        return f"| {self.policy} | {self.truth} | {naive} | {told[0]} | {told[1]} | {held} |"


def of_survey() -> Iterator[Row]:
    """Yield what a log of the survey tells, and how many of a hundred intervals hold the truth."""
    survey = Survey()
    named = {"uniform": "every tool alike", "by maturity": "popular at the same maturity"}
    for name, told in named.items():
        truth, log = survey.truth(name), survey.log(0)
        target = Target.of(survey.targets[name], log)
        found = estimate(IPS(), log, target), estimate(SNIPS(), log, target)
        held = [0, 0]
        for seed in range(LOGS):
            drawn = survey.log(seed)
            judged = Target.of(survey.targets[name], drawn)
            for number, estimator in enumerate((IPS(), SNIPS())):
                each = estimate(estimator, drawn, judged, seed, RESAMPLES)
                held[number] += each.low <= truth <= each.high
        naive = float(log.rewards.mean())
        yield Row(f"CNCF survey, {told}", f"{truth:.3f}", naive, found, 3, (held[0], held[1]))


def of_shop() -> Row:
    """Return what the random policy's log tells of the other's clicks, in per cent."""
    log, target, own = split(impressions())
    percent = Log(log.actions, 100 * log.rewards, log.propensities)
    low, high = bootstrap_interval(100 * own.rewards)
    truth = f"{100 * own.rewards.mean():.2f} ({low:.2f} to {high:.2f})"
    found = estimate(IPS(), percent, target), estimate(SNIPS(), percent, target)
    policy = "Open Bandit, Thompson sampling, % clicks"
    return Row(policy, truth, float(percent.rewards.mean()), found, 2)


def main() -> None:
    """Print the table and write it.

    Raises:
        SystemExit: If the data sets are not there.
    """
    for place in (SURVEY, SHOP):
        if not place.exists():
            raise SystemExit(f"{place.name} is not there: this reads ../shared/datasets")
    rows = [*of_survey(), of_shop()]
    lines = [
        "# Off-policy estimates beside the truth",
        "",
        "What the log of one policy tells of another, on real answers and clicks; in the survey"
        " the policies are simulated, so the truth is exact, and the last column counts the"
        f" intervals that hold it, of IPS and of SNIPS. Made by `make bench-off-policy` on "
        f"{machine_and_commit()}.",
        "",
        "| data, policy | truth | naive mean | IPS | SNIPS | hold it |",
        "|---|---|---|---|---|---|",
        *map(str, rows),
    ]
    text = "\n".join(lines) + "\n"
    (ROOT / "benchmarks" / "off_policy.md").write_text(text, "utf-8")
    print(text)
    told = {row.policy: [round(each.value, row.digits) for each in row.found] for row in rows}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
