"""What businesses do with what they are shown: examined, viewed, clicked, tried, adopted.

A platform is examined or not by its rank alone. From there each step is a coin whose chance follows
from the utility, so that the product of the steps is the probability of adoption once examined.
"""

from dataclasses import dataclass, fields
from typing import get_args

import numpy as np

from recommender.domain.engagement import DismissReason, EventKind
from recommender.simulation.behaviour import Behaviour, attention, chance
from recommender.simulation.businesses import Businesses, Codes, Flags, Floats
from recommender.simulation.coefficients import DELAYS, FUNNEL
from recommender.simulation.exposures import Shown
from recommender.simulation.tables import Matrix
from recommender.simulation.utility import IN_USE

KINDS: tuple[str, ...] = get_args(EventKind)
REASONS: tuple[str, ...] = get_args(DismissReason)


@dataclass(frozen=True)
class Events:
    """One row per event: whose, what, about which row of what was shown, and when.

    Attributes:
        business: Position of the business in its chunk.
        platform: Position of the platform.
        rank: Rank at which it was shown; 0 where it was not shown.
        kind: Position in `KINDS`.
        rating: 1 to 5, or -1.
        reason: Position in `REASONS`, or -1.
        at: Seconds since the window began.
    """

    business: Codes
    platform: Codes
    rank: Codes
    kind: Codes
    rating: Codes
    reason: Codes
    at: Floats


@dataclass(frozen=True)
class Outcome:
    """What came of a chunk of lists.

    Attributes:
        examined: Whether each platform shown was examined, (rows,).
        utility: Its true utility, (rows,).
        adoption: Its true probability of adoption once examined, (rows,).
        shown_at: When each business was shown its list, seconds since the window began, (n,).
        events: Everything that happened.
    """

    examined: Flags
    utility: Matrix
    adoption: Floats
    shown_at: Floats
    events: Events


def live(
    b: Businesses,
    lodging: Flags,
    shown: Shown,
    behaviour: Behaviour,
    seconds: float,
    rng: np.random.Generator,
) -> Outcome:
    """Let businesses act on what they were shown.

    Args:
        b: The businesses.
        lodging: Whether each gives lodging, (n,).
        shown: Their lists.
        behaviour: How they choose.
        seconds: Length of the window. Lists come early enough for everything to end within it;
            in a window under four months, delays are shortened in proportion.
        rng: Source of randomness.
    """
    pace = min(1.0, seconds / 2 / DELAYS.follow_up)
    shown_at = rng.uniform(0, seconds - pace * DELAYS.follow_up, len(b))
    utilities = behaviour.utility.total(b, lodging)
    utility = utilities[shown.business, shown.platform]
    steps = behaviour.steps(utility, behaviour.awareness(b)[shown.business])
    examined = rng.random(len(shown)) < attention(shown.rank)
    happened = _happens(examined, utility, steps, rng)
    at = _times(happened, shown_at[shown.business], pace, rng)
    row = np.concatenate([np.flatnonzero(flags) for flags in happened.values()])
    kind = np.repeat([KINDS.index(name) for name in happened], [f.sum() for f in happened.values()])
    told = Events(
        business=shown.business[row],
        platform=shown.platform[row],
        rank=shown.rank[row],
        kind=kind,
        rating=_ratings(utility[row], kind, rng),
        reason=_reasons(b, shown.business[row], shown.platform[row], kind, behaviour, rng),
        at=np.concatenate([at[name][flags] for name, flags in happened.items()]),
    )
    found = _found_alone(utilities, shown, seconds, rng)
    adoption = np.prod(steps, axis=0)
    return Outcome(examined, utility, adoption, shown_at, _in_order([told, found]))


def _happens(
    examined: Flags, utility: Matrix, steps: tuple[Floats, ...], rng: np.random.Generator
) -> dict[str, Flags]:
    """Draw which events follow from each row that is examined, by kind."""

    def roll(chances: Floats | float) -> Flags:
        return np.asarray(rng.random(len(utility)) < chances)

    view, click, trial, adopt = np.logical_and.accumulate(
        [examined & roll(steps[0]), *(roll(step) for step in steps[1:])]
    )
    quits = trial & ~adopt & roll(chance(FUNNEL.quit_trial, utility))
    return {
        "view": view,
        "click": click,
        "save": click & roll(chance(FUNNEL.save, utility)),
        "trial": trial,
        "adopt": adopt,
        "rate": adopt & roll(FUNNEL.rate),
        "dismiss": view & ~click & roll(chance(FUNNEL.dismiss, utility)),
        "abandon": quits | (adopt & roll(chance(FUNNEL.leave, utility))),
    }


def _times(
    happened: dict[str, Flags], shown_at: Floats, pace: float, rng: np.random.Generator
) -> dict[str, Floats]:
    """Draw when each event of a row happens, in seconds since the window began, by kind."""

    def later(mean: float, longest: float) -> Floats:
        within = -np.expm1(-longest / mean)
        return np.asarray(-pace * mean * np.log1p(-within * rng.random(len(shown_at))))

    view = shown_at + later(*DELAYS.view)
    click = view + later(*DELAYS.click)
    trial = click + later(*DELAYS.trial)
    adopt = trial + later(*DELAYS.adopt)
    return {
        "view": view,
        "click": click,
        "save": click + later(*DELAYS.save),
        "trial": trial,
        "adopt": adopt,
        "rate": adopt + later(*DELAYS.rate),
        "dismiss": view + later(*DELAYS.dismiss),
        "abandon": np.where(happened["adopt"], adopt, trial) + later(*DELAYS.abandon),
    }


def _ratings(utility: Matrix, kind: Codes, rng: np.random.Generator) -> Codes:
    mean, slope, deviation = FUNNEL.rating
    rating = np.rint(mean + slope * utility + deviation * rng.standard_normal(len(utility)))
    return np.where(kind == KINDS.index("rate"), np.clip(rating, 1, 5).astype(np.int64), -1)


def _reasons(
    b: Businesses,
    business: Codes,
    platform: Codes,
    kind: Codes,
    behaviour: Behaviour,
    rng: np.random.Generator,
) -> Codes:
    """Draw why a platform is dismissed or abandoned; -1 for other kinds of event."""
    worth = behaviour.utility
    category = worth.codebook.category_of[platform]
    causes: dict[str, Matrix | Flags] = {
        "too_expensive": worth.price_gap[b.budget[business], platform],
        "too_complex": worth.effort[b.level[business], platform],
        "already_have": worth.categories_in_use(b)[business, category],
        "not_relevant": ~worth.eligible[b.sector[business], b.size[business], platform],
    }
    logits = rng.gumbel(size=(len(kind), len(REASONS)))
    for i, reason in enumerate(REASONS):
        logits[:, i] += FUNNEL.objections[reason]
        if reason in causes:
            logits[:, i] += FUNNEL.causes[reason] * causes[reason].astype(np.float64)
    asked = np.isin(kind, [KINDS.index("dismiss"), KINDS.index("abandon")])
    return np.where(asked, logits.argmax(axis=1), -1)


def _found_alone(
    utilities: Matrix, shown: Shown, seconds: float, rng: np.random.Generator
) -> Events:
    """Let a few businesses adopt, by utility, a platform that they were not shown."""
    finds = rng.random(len(utilities)) < FUNNEL.found_alone
    wish = utilities + rng.gumbel(size=utilities.shape)
    wish[shown.business, shown.platform] = IN_USE
    best = wish.argmax(axis=1)
    business = np.flatnonzero(finds & (wish[np.arange(len(wish)), best] > IN_USE / 2))
    n = len(business)
    nothing = np.full(n, -1)
    return Events(
        business=business,
        platform=best[business],
        rank=np.zeros(n, dtype=np.int64),
        kind=np.full(n, KINDS.index("adopt")),
        rating=nothing,
        reason=nothing,
        at=rng.uniform(0, seconds, n),
    )


def _in_order(parts: list[Events]) -> Events:
    """Join events and sort them by business, rank and time."""
    names = [field.name for field in fields(Events)]
    joined = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    order = np.lexsort((joined["at"], joined["rank"], joined["business"]))
    return Events(**{name: values[order] for name, values in joined.items()})
