"""Input that cannot be right is refused, with the name of the field and what would be right."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def require_shape(name: str, values: NDArray[np.generic], shape: tuple[int | None, ...]) -> None:
    """Refuse an array of another shape.

    Args:
        name: What the field is called.
        values: The array.
        shape: What its shape should be; None where any length will do.

    Raises:
        ValueError: If the shape is another one.
    """
    fits = values.ndim == len(shape) and all(
        wanted in (None, found) for wanted, found in zip(shape, values.shape, strict=True)
    )
    if not fits:
        wanted_shape = ", ".join("any" if wanted is None else str(wanted) for wanted in shape)
        raise ValueError(f"{name}: expected shape ({wanted_shape}), got {values.shape}")


def require_finite(name: str, values: Floats) -> None:
    """Refuse NaN and infinity.

    Raises:
        ValueError: If there is one; it tells the first place.
    """
    _refuse(name, values, ~np.isfinite(values), "finite numbers")


def require_probabilities(name: str, values: Floats, *, zero_allowed: bool) -> None:
    """Refuse what is not a probability.

    Args:
        name: What the field is called.
        values: The probabilities, any shape.
        zero_allowed: False for propensities: what was shown cannot have been impossible.

    Raises:
        ValueError: If a value is NaN, below 0, above 1, or 0 where that is not allowed.
    """
    with np.errstate(invalid="ignore"):
        right = (values >= 0 if zero_allowed else values > 0) & (values <= 1)
    wanted = "probabilities from 0 to 1" if zero_allowed else "probabilities above 0 and at most 1"
    _refuse(name, values, ~right, wanted)


def require_whole(name: str, values: NDArray[np.generic]) -> None:
    """Refuse what cannot be an index: anything but whole numbers from 0.

    Raises:
        ValueError: If the type is another one or a number is below 0.
    """
    if values.dtype.kind not in "iu":
        raise ValueError(f"{name}: expected whole numbers, got type {values.dtype}")
    _refuse(name, values, np.asarray(values < np.intp(0)), "indices from 0")


def _refuse(name: str, values: NDArray[np.generic], wrong: NDArray[np.bool_], wanted: str) -> None:
    if wrong.any():
        place = tuple(int(each[0]) for each in np.nonzero(wrong))
        at = place[0] if len(place) == 1 else place
        raise ValueError(
            f"{name}: expected {wanted}, got {values[place]} at {at} "
            f"({int(wrong.sum())} of {wrong.size} are wrong)"
        )
