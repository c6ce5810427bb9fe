"""What businesses answer: how their functions are done, what they plan, need and can pay.

The stages of the Vinasme and MST survey are read off the answers (`stages`):

- not started: no function beyond paper;
- full: at least three quarters of the functions that apply are linked, and figures drive decisions;
- integrated: at least two functions are linked;
- basic: the others.
"""

import numpy as np
from scipy.special import expit

from recommender.simulation.businesses import BUDGETS, SIZES, STATES, Codebook, Codes, Flags, Floats
from recommender.simulation.calibration import Calibration, sector_traits
from recommender.simulation.coefficients import ANSWERS, UTILITY
from recommender.simulation.firms import Firms
from recommender.simulation.tastes import CATEGORIES, NEUTRAL

NOT_STARTED, BASIC, INTEGRATED, FULL = range(4)
PAPER, SPREADSHEET, SEPARATE, LINKED, NOT_APPLICABLE = range(1, 6)
REVIEWED, DRIVES_DECISIONS = 2, 3
DATA_USE = 1
FULL_SHARE = 0.75


def stages(functions: Codes, practices: Codes) -> Codes:
    """Return the stage of each business, as a position in `published.STAGES`, (n,).

    Args:
        functions: States, (n, functions).
        practices: Answers on strategy, data and security, (n, 3).
    """
    linked = (functions == LINKED).sum(axis=1)
    applicable = ((functions >= 0) & (functions != NOT_APPLICABLE)).sum(axis=1)
    begun = ((functions > PAPER) & (functions != NOT_APPLICABLE)).any(axis=1)
    full = (linked >= np.maximum(2, FULL_SHARE * applicable)) & (
        practices[:, DATA_USE] == DRIVES_DECISIONS
    )
    return np.select([~begun, full, linked >= 2], [NOT_STARTED, FULL, INTEGRATED], BASIC)


class AnswerDraw:
    """Draws the answers that go with readiness and the tools in use."""

    def __init__(self, codebook: Codebook, calibration: Calibration) -> None:
        reference, functions = codebook.reference, codebook.functions
        self._cuts = calibration.stage_cuts
        self._offset = np.array([ANSWERS.function_offset[function] for function in functions])
        self._not_applicable = np.stack(
            [_not_applicable(codebook, function) for function in functions], axis=-1
        )
        # A function is run on a tool where a category that serves it is in active use.
        serves = [functions.index(c.function) for c in reference.categories.values()]
        self._run_by = np.eye(len(functions))[serves] * calibration.active[:, None]
        self._wanted, self._functions_of = _needs(codebook)
        self._gap = np.array([*(UTILITY.gap[state] for state in STATES), UTILITY.gap_unknown])

    def functions(
        self, firms: Firms, readiness: Floats, uses: Flags, rng: np.random.Generator
    ) -> tuple[Codes, Codes]:
        """Draw the states of the functions and the practices, (n, functions) and (n, 3)."""
        shape = (len(readiness), len(self._offset))
        stage = np.searchsorted(self._cuts, readiness, side="right")
        noise = ANSWERS.state_noise * rng.standard_normal(shape)
        ladder = readiness[:, None] + self._offset + noise
        run = uses @ self._run_by > 0
        applies = run | (rng.random(shape) >= self._not_applicable[firms.sector, firms.size])

        order = np.where(applies, ladder + 10 * run, -np.inf)
        rank = np.argsort(np.argsort(-order, axis=1), axis=1)
        state = np.searchsorted(ANSWERS.state_cuts, ladder, side="right")
        state = np.where(run, SEPARATE, state)
        state = np.where(rank == 0, np.maximum(state, SPREADSHEET), state)
        state = np.where((stage == NOT_STARTED)[:, None], np.minimum(state, PAPER), state)
        linked = self._linked(stage, applies.sum(axis=1), rng)
        state = np.where(rank < linked[:, None], LINKED, state)
        state = np.where(applies, state, NOT_APPLICABLE)
        return state, _practices(stage, state, readiness, rng)

    def needs(self, firms: Firms, functions: Codes, rng: np.random.Generator) -> Flags:
        """Draw what they want to get done, (n, needs): to their taste, and where there is a gap."""
        logit = ANSWERS.need_base + ANSWERS.need_taste * self._wanted[firms.sector, firms.size]
        logit = logit + ANSWERS.need_gap * self._gap[functions] @ self._functions_of
        return np.asarray(rng.random(logit.shape) < expit(logit))

    def budget(self, firms: Firms, readiness: Floats, rng: np.random.Generator) -> Codes:
        """Draw what they can pay a month, as a position in `BUDGETS`, (n,)."""
        mean = np.array(ANSWERS.budget_mean)[firms.size] + ANSWERS.budget_readiness * readiness
        budget = np.rint(mean + ANSWERS.budget_sd * rng.standard_normal(len(mean)))
        return np.clip(budget, 0, len(BUDGETS) - 1).astype(np.int64)

    def _linked(self, stage: Codes, applicable: Codes, rng: np.random.Generator) -> Codes:
        """Draw how many functions are linked, as the stage has it, (n,)."""
        chance = rng.random(len(stage))
        most = np.ceil(FULL_SHARE * applicable)
        count = [
            np.zeros(len(stage)),
            chance < ANSWERS.basic_link,
            2 + (chance < ANSWERS.third_link),
            most + np.floor(chance * (applicable - most + 1)),
        ]
        return np.choose(stage, count).astype(np.int64)


def leave_out(
    functions: Codes, practices: Codes, needs: Flags, budget: Codes, rng: np.random.Generator
) -> tuple[Codes, Codes, Flags, Codes]:
    """Return the answers without those that a business does not give."""
    missing, n = ANSWERS.missing, len(budget)
    gone = rng.random(functions.shape) < missing["one function"]
    gone |= rng.random((n, 1)) < missing["all functions"]
    return (
        np.where(gone, -1, functions),
        np.where(rng.random(practices.shape) < missing["practice"], -1, practices),
        needs & (rng.random((n, 1)) >= missing["needs"]),
        np.where(rng.random(n) < missing["budget"], -1, budget),
    )


def _practices(
    stage: Codes, functions: Codes, readiness: Floats, rng: np.random.Generator
) -> Codes:
    noise = ANSWERS.practice_noise * rng.standard_normal((len(stage), 3))
    practices = np.searchsorted(ANSWERS.practice_cuts, readiness[:, None] + noise, side="right")
    data = practices[:, DATA_USE]
    data = np.where(stages(functions, practices) > stage, np.minimum(data, REVIEWED), data)
    practices[:, DATA_USE] = np.where(stage == FULL, DRIVES_DECISIONS, data)
    return practices


def _not_applicable(codebook: Codebook, function: str) -> Floats:
    """Return the probability that a function does not apply, (sectors, sizes)."""
    if function == "supply-chain":
        share = [sector_traits(letter).not_shipping for letter in codebook.letters]
        return np.repeat(np.array(share)[:, None], len(SIZES), axis=1)
    return np.tile(ANSWERS.not_applicable[function], (len(codebook.sectors), 1))


def _needs(codebook: Codebook) -> tuple[Floats, Floats]:
    """Return the taste for each need, (sectors, sizes, needs), and its functions' weights."""
    reference = codebook.reference
    wanted, weights = [], []
    for need in reference.needs.values():
        tastes = [CATEGORIES.get(category, NEUTRAL) for category in need.categories]
        sector = np.array([[t.taste(letter) for t in tastes] for letter in codebook.letters])
        size = np.array([taste.size for taste in tastes]).T
        wanted.append((sector[:, None] + size).max(axis=2))
        functions = [reference.categories[category].function for category in need.categories]
        weights.append([functions.count(f) / len(functions) for f in codebook.functions])
    return np.stack(wanted, axis=-1), np.array(weights).T
