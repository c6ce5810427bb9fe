"""Splits in which those who are asked are not like those who were learned from."""

from dataclasses import replace
from typing import Literal

import numpy as np
from scipy import sparse

from recommender.evaluation.dataset import Dataset, DatasetError
from recommender.evaluation.protocol import TEST, folds

Shift = Literal["shifted", "incomplete"]


def shift(dataset: Dataset, how: Shift) -> Dataset:
    """Return the data set of a harder split, for the cold protocol.

    Shifted: the most frequent values of the first field of the segment, which half of the users or
    more have, are not learned from; only test users who have them are asked. Incomplete: learned
    from all, but test users tell the fields of the segment alone.

    Args:
        dataset: The data.
        how: Which split.

    Raises:
        DatasetError: If no field makes a segment, or nobody would be left to learn from or to ask.
    """
    if not dataset.segment or not dataset.segment[0]:
        raise DatasetError(
            f"{how} needs a segment: dataset.json names none, or nobody tells its first field"
        )
    asked = folds(dataset.users) == TEST
    if how == "incomplete":
        told = np.zeros(dataset.profiles.shape[1])
        told[[column for field in dataset.segment for column in field]] = 1.0
        told[len(told) - len(dataset.encoder.parents) :] = 1.0
        kept = np.where(asked[:, None], told, 1.0)
        return replace(dataset, profiles=sparse.csr_array(dataset.profiles.multiply(kept)))
    counts = dataset.profiles[:, dataset.segment[0]]
    order = np.argsort(-np.asarray(counts.sum(axis=0)), kind="stable")
    covered = np.cumsum(np.asarray(counts.sum(axis=0))[order])
    largest = order[: 1 + np.searchsorted(covered, len(dataset.users) / 2)]
    frequent = np.asarray(counts[:, largest].sum(axis=1)) > 0
    kept = frequent == asked
    if not (kept & asked).any() or not (kept & ~asked).any():
        raise DatasetError("shifted leaves nobody to learn from, or nobody to ask")
    return replace(
        dataset,
        users=tuple(user for user, stays in zip(dataset.users, kept, strict=True) if stays),
        profiles=dataset.profiles[kept],
        interactions=dataset.interactions[kept],
    )
