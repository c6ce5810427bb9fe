"""What each field of a profile, and the history, add to the scores of some platforms.

A field is something that a business was asked; what it adds is the sum over all of its columns,
those that are not set included. `plain_parts` takes it from the contributions of any ranker.
`FieldSums` looks it up where scores are linear: what a field with one answer may add can be found
beforehand, once for each answer. Both find the same numbers, but for rounding.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from recommender.features import OneHotProfiles
from recommender.model import Model, Scored
from recommender.rankers.weights import LinearScores

Floats = NDArray[np.float64]
Columns = NDArray[np.intp]
Mask = NDArray[np.bool_]

LIST_FIELD = "needs"
"""The field that takes several answers: the one with most effect names it, if that speaks for."""


class Parts(NamedTuple):
    """The scores of n platforms, taken apart by the fields of the vocabulary and the history.

    Attributes:
        base: The score of the average business, shape (n,).
        sums: What each field and, last, the history adds, shape (n, n_fields + 1); -inf where it is
            no reason.
        names: For each of these, the answer or the platform in use that it is told by: one for all
            platforms, or one for each. Means nothing where it is no reason.
    """

    base: Floats
    sums: Floats
    names: Sequence[int | list[int]]


TakeApart = Callable[[Scored, Columns], Parts]


def take_apart(model: Model, speaks: Mask) -> TakeApart:
    """Return what takes the scores of a model apart.

    Args:
        model: The model.
        speaks: Which field may be a reason for which platform, shape (n_fields, n_platforms); the
            one that takes several answers may for all.
    """
    if isinstance(model.ranker, LinearScores):
        return FieldSums(model.encoder, model.ranker, speaks)
    return lambda scored, platforms: plain_parts(model, speaks, scored, platforms)


def plain_parts(model: Model, speaks: Mask, scored: Scored, platforms: Columns) -> Parts:
    """Add up what the columns of each field contribute, one platform after the other."""
    fields = _columns_of(model.encoder)
    told = set(scored.profile.tolist())
    base = np.empty(len(platforms))
    sums = np.full((len(platforms), len(fields) + 1), -np.inf)
    names = np.zeros(sums.T.shape, dtype=np.intp)
    for row, platform in enumerate(platforms.tolist()):
        parts = model.explain(scored, model.platforms[platform])
        base[row] = parts.base
        for number, (field, own) in enumerate(fields.items()):
            answers = [column for column in own if column in told]
            if not answers or not speaks[number, platform]:
                continue
            best = answers[int(parts.profile[answers].argmax())]
            if field != LIST_FIELD or parts.profile[best] > 0:
                sums[row, number] = parts.profile[own].cumsum()[-1]
                names[number, row] = best
        if len(scored.history):
            used = scored.history[parts.history[scored.history].argmax()]
            if parts.history[used] > 0:
                sums[row, -1], names[-1, row] = parts.history.sum(), used
    return Parts(base, sums, names.tolist())


class FieldSums:
    """The parts of linear scores, found beforehand for whatever may be answered.

    Args:
        encoder: Its crossed columns are of fields that take one answer.
        ranker: Has learned its weights.
        speaks: As in `take_apart`.
    """

    def __init__(self, encoder: OneHotProfiles, ranker: LinearScores, speaks: Mask) -> None:
        fields = _columns_of(encoder)
        n_features, n_platforms = ranker.shape_
        self._set_for = ranker.set_for
        self._n_answers = n_features - len(encoder.parents)
        self._field_of = np.repeat(np.arange(len(fields)), [len(own) for own in fields.values()])
        self._crossed = self._field_of[encoder.parents[:1].ravel()]
        self._list = np.array(fields.get(LIST_FIELD, []), dtype=np.intp)
        self._list_field = list(fields).index(LIST_FIELD) if LIST_FIELD in fields else -1
        sets = range(len(ranker.sets_))
        self._base = np.array([[ranker.base(s, p) for p in range(n_platforms)] for s in sets])
        # What a column adds that is set, or not: shape (n_features, n_sets, n_platforms), or
        # (n_platforms, n_sets, n_platforms) where the first is of platforms in use.
        is_set, unset = 1 - ranker.means_, -ranker.means_
        profile = np.stack([weights.profile for weights in ranker.sets_], axis=1)
        history = np.stack([weights.history for weights in ranker.sets_], axis=1)
        self._set = is_set[:n_features, None, None] * profile
        self._unset = unset[:n_features, None, None] * profile
        self._used = is_set[n_features:, None, None] * history
        unused = unset[n_features:, None, None] * history
        # What none of the columns adds up to, and how much each changes that if it is set.
        self._no_answer = self._unset[self._list].sum(axis=0)
        self._no_history = unused.sum(axis=0)
        self._changes, self._uses = self._set - self._unset, self._used - unused
        self._sums = self._look_up_table(encoder, fields, speaks)

    def __call__(self, scored: Scored, platforms: Columns) -> Parts:
        """Take apart the scores of these platforms, given by their columns."""
        history, column = scored.history, platforms[:, None]
        sets: int | Columns = self._set_for(len(history))
        if not set(history.tolist()).isdisjoint(platforms.tolist()):
            sets = np.where(np.isin(column, history), self._set_for(len(history) - 1), sets)

        begin_of_pairs = scored.profile.searchsorted(self._n_answers)
        answers, pairs = scored.profile[:begin_of_pairs], scored.profile[begin_of_pairs:]
        field = self._field_of[answers]
        rows = np.full(self._field_of[-1] + 2, -1)
        rows[field] = answers
        names: list[int | list[int]] = rows.tolist()
        if len(pairs):
            rows[self._crossed] = 2 * pairs[0] - self._n_answers + np.arange(2)
        sums = self._sums[rows, sets, column]

        several = answers[field == self._list_field]
        if len(several) > 1:
            given = self._set[several, sets, column]
            total = self._no_answer[sets, column][:, 0]
            total = total + self._changes[several, sets, column].sum(axis=1)
            sums[:, self._list_field] = np.where(given.max(axis=1) > 0, total, -np.inf)
            names[self._list_field] = several[given.argmax(axis=1)].tolist()
        if len(history):
            given = self._used[history, sets, column]
            total = self._no_history[sets, column][:, 0]
            total = total + self._uses[history, sets, column].sum(axis=1)
            sums[:, -1] = np.where(given.max(axis=1) > 0, total, -np.inf)
            names[-1] = history[given.argmax(axis=1)].tolist()
        return Parts(self._base[sets, column][:, 0], sums, names)

    def _look_up_table(
        self, encoder: OneHotProfiles, fields: Mapping[str, list[int]], speaks: Mask
    ) -> Floats:
        """Return what a field with one answer adds, in rows of shape (n_sets, n_platforms).

        There is a row for each answer, two for each pair of answers, whose columns are shared by
        both, and one for no answer.
        """
        pairs = list(enumerate(encoder.parents.tolist(), self._n_answers))

        def add_up(answer: int, told: Collection[int]) -> Floats:
            own = fields[encoder.columns[answer][0]]
            amounts = np.array([(self._set if c in told else self._unset)[c] for c in own])
            for pair, parents in pairs:
                for shared in set(own) & set(parents):
                    crossed = (self._set if pair in told else self._unset)[pair]
                    amounts[shared - own[0]] += crossed / 2
            says = speaks[self._field_of[answer]]
            if answer in self._list:
                says = says & (self._set[answer] > 0)
            return np.where(says, amounts.cumsum(axis=0)[-1], -np.inf)

        alone = [add_up(answer, [answer]) for answer in range(self._n_answers)]
        both = [add_up(answer, [*parents, pair]) for pair, parents in pairs for answer in parents]
        return np.array([*alone, *both, np.full_like(alone[0], -np.inf)])


def _columns_of(encoder: OneHotProfiles) -> dict[str, list[int]]:
    """Return the columns of each field that was asked for; they stand side by side."""
    columns: dict[str, list[int]] = {field: [] for field in encoder.vocabulary}
    for column, (field, _) in enumerate(encoder.columns):
        if field in columns:
            columns[field].append(column)
    return columns
