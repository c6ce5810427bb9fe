"""Businesses as a table: one row each, the form in which they are simulated, stored and learned."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, get_args

import msgspec

from recommender.domain import BusinessProfile, Reference
from recommender.domain.business import FunctionCode, SizeCode

if TYPE_CHECKING:
    import pandas as pd

FUNCTION_COLUMNS = {code: f"function_{code}" for code in get_args(FunctionCode)}
"""Column that holds the state of each business function."""

PROFILE_COLUMNS = (
    "business_id",
    "legal_form",
    "classification",
    "sector",
    "employees",
    "revenue_bn_vnd",
    "capital_bn_vnd",
    "province",
    "sells_to_consumers",
    *FUNCTION_COLUMNS.values(),
    "strategy",
    "data_use",
    "security",
    "needs",
    "budget",
    "platforms_in_use",
    "size",
    "maturity_level",
)
"""Columns of a profile table; `size` and `maturity_level` are derived, the others are told.

Unknown answers are null; `needs` and `platforms_in_use` are lists of codes; `province` is the code
of today; `maturity_level` is a nullable Int64.
"""

FEATURE_COLUMNS = PROFILE_COLUMNS[1:]
"""Columns of a profile table but for the id: the business as it is seen."""

STATE_COLUMNS = ("state_id", *PROFILE_COLUMNS, "at")
"""Columns of a table of states: a business has one for each way in which it was seen.

`state_id` is the id of the business, a dot and a number that counts from 1 by time; `at` is when
the first list was shown to the business as it was then (UTC), null where none was.
"""


def profile_row(
    business_id: str, profile: BusinessProfile, reference: Reference
) -> dict[str, object]:
    """Return the row of a profile table for one checked and normalised profile."""
    size, maturity = reference.size_class(profile), reference.maturity(profile)
    return row_of(business_id, profile, size.code, maturity.level)


def row_of(
    business_id: str, profile: BusinessProfile, size: SizeCode, maturity_level: int | None
) -> dict[str, object]:
    """Return the row of a profile table for one whose size and maturity are known."""
    functions = profile.functions
    return {
        "business_id": business_id,
        "legal_form": profile.legal_form,
        "classification": profile.classification,
        "sector": profile.sector,
        "employees": profile.employees,
        "revenue_bn_vnd": profile.revenue_bn_vnd,
        "capital_bn_vnd": profile.capital_bn_vnd,
        "province": profile.province,
        "sells_to_consumers": profile.sells_to_consumers,
        **{column: functions.get(code) for code, column in FUNCTION_COLUMNS.items()},
        "strategy": profile.strategy,
        "data_use": profile.data_use,
        "security": profile.security,
        "needs": list(profile.needs),
        "budget": profile.budget,
        "platforms_in_use": list(profile.platforms_in_use),
        "size": size,
        "maturity_level": maturity_level,
    }


def encode_features(row: Mapping[str, object]) -> str:
    """Return the row of a profile table, but for the id, as JSON.

    The same features give the same text: the order of needs and of platforms in use says nothing.
    """
    told = {name: row[name] for name in FEATURE_COLUMNS}
    ordered = {name: sorted(v) if isinstance(v, list) else v for name, v in told.items()}
    return msgspec.json.encode(ordered).decode()


def decode_features(text: str) -> BusinessProfile:
    """Return the business that `encode_features` wrote, as it was seen then.

    Raises:
        msgspec.DecodeError: If another version wrote it.
    """
    row = msgspec.json.decode(text, type=dict[str, Any])
    states = {code: row.pop(column) for code, column in FUNCTION_COLUMNS.items()}
    functions = {code: state for code, state in states.items() if state is not None}
    told = {name: row[name] for name in BusinessProfile.__struct_fields__ if name in row}
    return msgspec.convert(told | {"functions": functions}, BusinessProfile)


def profile_table(
    profiles: Iterable[tuple[str, BusinessProfile]], reference: Reference
) -> "pd.DataFrame":
    """Return the table of `(business_id, profile)` pairs, in their order."""
    import pandas as pd  # The service starts without it.

    rows = [profile_row(id_, profile, reference) for id_, profile in profiles]
    table = pd.DataFrame(rows, columns=list(PROFILE_COLUMNS))
    return table.astype({"maturity_level": "Int64", "employees": "int64"})
