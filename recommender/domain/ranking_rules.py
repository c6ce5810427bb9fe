"""The reviewed rules by which scores become a list."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.domain.business import FunctionState


class RankingRules(Struct, frozen=True, forbid_unknown_fields=True):
    """Ranking policy as reviewed data; each boost is disclosed in the reasons."""

    category_repeat_discount: Annotated[float, Meta(gt=0, le=1)]
    function_discount: dict[FunctionState, Annotated[float, Meta(gt=0, le=1)]]
    duty_boost: dict[str, Annotated[float, Meta(ge=0, le=1)]]
    need_boost: Annotated[
        dict[Literal["per_need"], Annotated[float, Meta(ge=0, le=1)]], Meta(min_length=1)
    ]
