"""Digital maturity from 0 to 100 and in levels 0 to 5; the bands are the project's own."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from recommender.domain.business import BusinessProfile, FunctionCode
from recommender.domain.tables import Bilingual

FUNCTIONS_WEIGHT = 0.75
"""Share of the eight functions in the total; strategy, data and safety make up the rest."""

Practice = Literal["strategy", "data_use", "security"]
PRACTICES: tuple[Practice, ...] = get_args(Practice)

Scores = Mapping[str, Mapping[str, float | None]]
"""Score of each answer, by list and code, as `choices.csv` gives them."""


class MaturityLevel(Bilingual, frozen=True):
    """A level of the scale and the total from which it begins."""

    level: Annotated[int, Meta(ge=0, le=5)]
    min_score: Annotated[float, Meta(ge=0, le=100)]
    name_en: str
    name_vi: str
    summary_en: str
    summary_vi: str


class Maturity(Struct, frozen=True):
    """How digital a business is; None where it told nothing to measure."""

    score: float | None
    level: int | None
    functions: dict[FunctionCode, float | None]
    practices: dict[Practice, float | None]


def maturity(profile: BusinessProfile, scores: Scores, levels: Sequence[MaturityLevel]) -> Maturity:
    """Measure a business.

    The total is 0.75 times the mean of the functions plus 0.25 times the mean of strategy, data
    and safety; a part that was not answered leaves its weight to the other. A function that does
    not apply is left out of the mean, so that nobody is marked down for what they do not need.

    Args:
        profile: The business.
        scores: Score of each answer by list and code.
        levels: The levels in ascending order of `min_score`, the first from 0.
    """
    functions = {code: scores["function_state"][state] for code, state in profile.functions.items()}
    practices = {
        name: scores[name][answer]
        for name in PRACTICES
        if (answer := getattr(profile, name)) is not None
    }
    of_functions, of_practices = _mean(functions.values()), _mean(practices.values())
    if of_functions is None or of_practices is None:
        total = of_practices if of_functions is None else of_functions
    else:
        total = FUNCTIONS_WEIGHT * of_functions + (1 - FUNCTIONS_WEIGHT) * of_practices
    if total is None:
        return Maturity(None, None, functions, practices)
    total = round(total, 1)
    reached = [level.level for level in levels if level.min_score <= total]
    return Maturity(total, reached[-1], functions, practices)


def _mean(scores: Iterable[float | None]) -> float | None:
    known = [score for score in scores if score is not None]
    return sum(known) / len(known) if known else None
