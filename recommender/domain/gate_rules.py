"""What a newly trained model must reach before it is put into service, as reviewed data."""

from typing import Annotated

from msgspec import Meta, Struct

Share = Annotated[float, Meta(ge=0, le=1)]
Count = Annotated[int, Meta(ge=1)]


class Amount(Struct, frozen=True, forbid_unknown_fields=True):
    """From when on there is clearly less to learn from than there was."""

    least_share: Share
    least_fewer: Count


class Better(Struct, frozen=True, forbid_unknown_fields=True):
    """How sure it must be that a model is as good as another."""

    tolerance: Share


class Served(Struct, frozen=True, forbid_unknown_fields=True):
    """How sure it must be that a model is as good as the one in service as it is."""

    least_states: Count
    tolerance: Share


class Slices(Struct, frozen=True, forbid_unknown_fields=True):
    """Which groups are looked at, and what they may lose."""

    least_states: Count
    tolerance: Share


class CalibrationLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How far off probabilities may be."""

    most_error: Share
    least_states: Count


class Lists(Struct, frozen=True, forbid_unknown_fields=True):
    """How different the lists of businesses must be."""

    asked: Count
    least_distinct: Count
    least_difference: Share
    least_moved_by_sector: Share
    least_moved_by_size: Share


class ExposureLimits(Struct, frozen=True, forbid_unknown_fields=True):
    """How evenly the catalogue must be shown."""

    least_coverage: Share
    most_gini: Share


class OffPolicy(Struct, frozen=True, forbid_unknown_fields=True):
    """What drawn slots may tell against a model."""

    tolerance: Share


class Parity(Struct, frozen=True, forbid_unknown_fields=True):
    """How far scores alone and in a batch may differ."""

    most_difference: Annotated[float, Meta(gt=0)]


class Artefact(Struct, frozen=True, forbid_unknown_fields=True):
    """How large and slow a model may be."""

    most_mb: Annotated[float, Meta(gt=0)]
    most_scoring_ms: Annotated[float, Meta(gt=0)]


class GateRules(Struct, frozen=True, forbid_unknown_fields=True):
    """`data/gate.toml`: the thresholds of the gate."""

    amount: Amount
    served: Served
    better: Better
    baselines: Better
    slices: Slices
    calibration: CalibrationLimits
    lists: Lists
    exposure: ExposureLimits
    off_policy: OffPolicy
    parity: Parity
    artefact: Artefact
