"""What training takes: an estimate before, and what it took."""

import os
import resource
import sys
from typing import NamedTuple

import numpy as np

CURVE = np.array(
    [
        # businesses, seconds, MB: what `smedx train` told of a first model, 2 cores
        (1_000, 11.6, 494.0),
        (50_000, 37.8, 832.0),
        (300_000, 63.9, 1_409.0),
    ]
)


class Resources(NamedTuple):
    """Seconds, and the largest memory of a process in MB."""

    seconds: float
    megabytes: float


def estimate(businesses: int) -> Resources:
    """Return what training on so many businesses is likely to take: between what was measured."""
    at, seconds, megabytes = np.log(CURVE[:, 0]), CURVE[:, 1], CURVE[:, 2]
    place = np.log(max(businesses, 1))
    if place > at[-1]:
        times = businesses / CURVE[-1, 0]
        return Resources(float(seconds[-1] * times), float(megabytes[-1]))
    return Resources(
        float(np.exp(np.interp(place, at, np.log(seconds)))),
        float(np.exp(np.interp(place, at, np.log(megabytes)))),
    )


def peak_megabytes() -> float:
    """Return the largest memory that this process, or one of those it started, has had in MB."""
    kind = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    largest = max(resource.getrusage(each).ru_maxrss for each in kind)
    return largest / (1_000_000 if sys.platform == "darwin" else 1_000)


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
