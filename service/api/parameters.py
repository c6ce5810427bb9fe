"""What stands in the paths and queries of the API, and what it means."""

from typing import Annotated

from litestar.params import PathParameter, QueryParameter

from recommender.domain import Locale

ProfileId = Annotated[str, PathParameter(description="Id of a stored business.")]
PlatformId = Annotated[
    str, PathParameter(description="Code of a platform, as `GET /v1/platforms` tells it.")
]
RecommendationId = Annotated[
    str, PathParameter(description="Id of a list, as its answer tells it.")
]
Language = Annotated[Locale, QueryParameter(description="Language of the texts.")]
Category = Annotated[
    str | None, QueryParameter(description="Only platforms of this kind, by its code.")
]
