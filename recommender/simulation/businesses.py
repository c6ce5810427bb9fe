"""Businesses as arrays of codes, and the way to and from a profile table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import get_args

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from recommender.domain import Reference
from recommender.domain.business import (
    Budget,
    DataAnswer,
    FunctionState,
    LegalForm,
    SecurityAnswer,
    SizeCode,
    StrategyAnswer,
)
from recommender.domain.maturity import FUNCTIONS_WEIGHT, PRACTICES
from recommender.profiles import FUNCTION_COLUMNS, PROFILE_COLUMNS

Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]

FORMS: tuple[str, ...] = get_args(LegalForm)
STATES: tuple[str, ...] = get_args(FunctionState)
SIZES: tuple[str, ...] = get_args(SizeCode)
BUDGETS: tuple[str, ...] = get_args(Budget)
PRACTICE_ANSWERS: dict[str, tuple[str, ...]] = dict(
    zip(
        PRACTICES,
        (get_args(StrategyAnswer), get_args(DataAnswer), get_args(SecurityAnswer)),
        strict=True,
    )
)


@dataclass(frozen=True)
class Businesses:
    """What `n` businesses tell. A code is a position in a list of `Codebook`; -1 is not told.

    Money is in billions of VND a year and NaN where it is not told. `size` and `level` are
    derived by `Codebook.classify`.
    """

    form: Codes
    sector: Codes
    employees: Codes
    revenue: Floats
    capital: Floats
    province: Codes
    consumers: Flags
    functions: Codes  # (n, functions)
    practices: Codes  # (n, 3)
    needs: Flags  # (n, needs)
    budget: Codes
    in_use: Flags  # (n, platforms)
    size: Codes
    level: Codes

    def __len__(self) -> int:
        """Return the number of businesses."""
        return len(self.form)


class Codebook:
    """The lists that codes point into, in the order of the reference."""

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.sectors = list(reference.sectors)
        self.sector_codes = [code for _, code in self.sectors]
        self.letters = [code[:1] for code in self.sector_codes]
        self.provinces = list(reference.current_provinces)
        self.functions = list(FUNCTION_COLUMNS)
        self.needs = list(reference.needs)
        self.platforms = list(reference.platforms)
        self.categories = list(reference.categories)
        self.category_of: Codes = np.array(
            [self.categories.index(p.category) for p in reference.platforms.values()]
        )

    def classify(self, businesses: Businesses) -> Businesses:
        """Return the businesses with the size class and maturity level that follow."""
        return replace(businesses, size=self._sizes(businesses), level=self._levels(businesses))

    def encode(self, profiles: pd.DataFrame) -> Businesses:
        """Turn a profile table into codes; codes that the reference does not know are ignored."""
        sector_names = profiles["classification"].astype(str) + " " + profiles["sector"].astype(str)
        functions = [_positions(STATES, profiles[name]) for name in FUNCTION_COLUMNS.values()]
        practices = [_positions(of, profiles[name]) for name, of in PRACTICE_ANSWERS.items()]
        return Businesses(
            form=_positions(FORMS, profiles["legal_form"]),
            sector=_positions([f"{c} {code}" for c, code in self.sectors], sector_names),
            employees=profiles["employees"].to_numpy(np.int64),
            revenue=profiles["revenue_bn_vnd"].to_numpy(np.float64),
            capital=profiles["capital_bn_vnd"].to_numpy(np.float64),
            province=_positions(self.provinces, profiles["province"]),
            consumers=profiles["sells_to_consumers"].to_numpy(np.bool_),
            functions=np.stack(functions, axis=1),
            practices=np.stack(practices, axis=1),
            needs=_flags(self.needs, profiles["needs"]),
            budget=_positions(BUDGETS, profiles["budget"]),
            in_use=_flags(self.platforms, profiles["platforms_in_use"]),
            size=_positions(SIZES, profiles["size"]),
            level=profiles["maturity_level"].fillna(-1).to_numpy(np.int64),
        )

    def decode(self, businesses: Businesses, ids: Sequence[str]) -> pa.Table:
        """Return the businesses as a table of exactly `PROFILE_COLUMNS`, in that order."""
        b = businesses
        columns = {
            "business_id": pa.array(ids, pa.string()),
            "legal_form": texts(FORMS, b.form),
            "classification": texts([c for c, _ in self.sectors], b.sector),
            "sector": texts(self.sector_codes, b.sector),
            "employees": pa.array(b.employees),
            "revenue_bn_vnd": pa.array(b.revenue, from_pandas=True),
            "capital_bn_vnd": pa.array(b.capital, from_pandas=True),
            "province": texts(self.provinces, b.province),
            "sells_to_consumers": pa.array(b.consumers),
            **{
                column: texts(STATES, b.functions[:, i])
                for i, column in enumerate(FUNCTION_COLUMNS.values())
            },
            **{
                name: texts(answers, b.practices[:, i])
                for i, (name, answers) in enumerate(PRACTICE_ANSWERS.items())
            },
            "needs": _lists(self.needs, b.needs),
            "budget": texts(BUDGETS, b.budget),
            "platforms_in_use": _lists(self.platforms, b.in_use),
            "size": texts(SIZES, b.size),
            "maturity_level": pa.array(b.level, mask=b.level < 0),
        }
        return pa.table({name: columns[name] for name in PROFILE_COLUMNS})

    def _sizes(self, b: Businesses) -> Codes:
        """Apply the size rules, as `recommender.domain.sizes` does to one business."""
        groups = np.array([s.size_group for s in self.reference.sectors.values()])[b.sector]
        untold = np.isnan(b.revenue) | np.isnan(b.capital)
        size = np.full(len(b), SIZES.index("large"))
        for rule in sorted(self.reference.size_rules, key=lambda rule: -rule.max_employees):
            money = (b.revenue <= rule.max_revenue_bn_vnd) | (b.capital <= rule.max_capital_bn_vnd)
            fits = (b.employees <= rule.max_employees) & (untold | money)
            size[fits & (groups == rule.size_group)] = SIZES.index(rule.size)
        size[b.form == FORMS.index("household")] = SIZES.index("household")
        return size

    def _levels(self, b: Businesses) -> Codes:
        """Measure maturity, as `recommender.domain.maturity` does for one business."""
        scores = self.reference.scores
        of_states = _scores(STATES, scores["function_state"])
        of_answers = [_scores(of, scores[name]) for name, of in PRACTICE_ANSWERS.items()]
        functions = _mean(of_states[b.functions])
        practices = _mean(np.stack([of[b.practices[:, i]] for i, of in enumerate(of_answers)], 1))
        total = FUNCTIONS_WEIGHT * functions + (1 - FUNCTIONS_WEIGHT) * practices
        total = np.where(np.isnan(functions), practices, total)
        total = np.where(np.isnan(practices), functions, total)
        # Python's round decides ties by the exact binary value, numpy's does not.
        values, where = np.unique(total, return_inverse=True)
        rounded = np.array([round(value, 1) for value in values.tolist()])
        minimum = [level.min_score for level in self.reference.levels]
        reached = np.searchsorted(minimum, rounded, side="right") - 1
        levels = np.array([level.level for level in self.reference.levels])[reached]
        return np.where(np.isnan(rounded), -1, levels)[where]


def _scores(codes: Sequence[str], scores: Mapping[str, float | None]) -> Floats:
    """Return the score of each code and, at -1, NaN for an answer that was not given."""
    return np.array([*(scores[code] for code in codes), None], dtype=np.float64)


def _mean(scores: Floats) -> Floats:
    """Return the mean of each row without its NaNs; NaN where nothing is left."""
    known = ~np.isnan(scores)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(scores, axis=1) / known.sum(axis=1))


def _positions(codes: Sequence[str], column: pd.Series) -> Codes:
    return np.asarray(pd.Index(codes, dtype=object).get_indexer(column.astype(object)))


def _flags(codes: Sequence[str], column: Iterable[Sequence[str]]) -> Flags:
    lists = [list(row) for row in column]
    rows = np.repeat(np.arange(len(lists)), [len(row) for row in lists])
    found = pd.Index(codes, dtype=object).get_indexer(list(chain.from_iterable(lists)))
    flags = np.zeros((len(lists), len(codes)), dtype=np.bool_)
    flags[rows[found >= 0], found[found >= 0]] = True
    return flags


def texts(codes: Sequence[str], positions: Codes) -> pa.Array:
    """Return the text of each position as an Arrow array; null for -1."""
    return pa.array(codes, pa.string()).take(pa.array(positions, mask=positions < 0))


def _lists(codes: Sequence[str], flags: Flags) -> pa.Array:
    """Return the codes that are set in each row as an Arrow list array."""
    offsets = np.concatenate([[0], np.cumsum(flags.sum(axis=1))]).astype(np.int32)
    return pa.ListArray.from_arrays(offsets, texts(codes, np.nonzero(flags)[1]))
