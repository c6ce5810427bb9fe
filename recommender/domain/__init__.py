"""What a business, a platform and an engagement are; sizes, maturity, support and duties."""

from recommender.domain.business import BusinessProfile
from recommender.domain.engagement import Event, EventKind
from recommender.domain.loading import load_reference
from recommender.domain.reference import FieldProblem, Reference
from recommender.domain.tables import DataError, Locale, Problem

__all__ = [
    "BusinessProfile",
    "DataError",
    "Event",
    "EventKind",
    "FieldProblem",
    "Locale",
    "Problem",
    "Reference",
    "load_reference",
]
