"""The operations of the API, for asyncio.

Written by `make clients` from the OpenAPI document: change nothing here."""

from types import NoneType
from typing import Literal

from smedx_client.models import (
    BatchAnswers,
    BatchRequest,
    BusinessProfile,
    ConsentChange,
    ConsentView,
    EventBatch,
    Health,
    Held,
    NewProfile,
    Plan,
    PlatformList,
    PlatformView,
    QuestionnaireView,
    Recommendation,
    RecommendationRequest,
    SimilarPlatforms,
    StoredEvents,
    StoredProfile,
)
from smedx_client.transport import AsyncTransport, Call, path


class AsyncClient(AsyncTransport):
    """Calls the API from coroutines."""

    async def make_plan(self, body: RecommendationRequest) -> Plan:
        """Make a plan for a business.

        Recommend as `POST /v1/recommendations` does, and say what to do now and later.

        Beside the list: the eight functions compared with others of the same line and size, a
        road map in which each step comes after what it needs, and what each platform means
        beside those in use. Filters hold for the road map, too.
        """
        return await self.call(Call("POST", "/v1/plans", Plan, body=body, repeatable=True))

    async def recommend(self, body: RecommendationRequest) -> Recommendation:
        """Recommend platforms to a business.

        Rank the platforms that fit a business, with reasons, support and legal duties.
        """
        return await self.call(
            Call("POST", "/v1/recommendations", Recommendation, body=body, repeatable=True)
        )

    async def recommend_batch(self, body: BatchRequest) -> BatchAnswers:
        """Recommend platforms to many businesses.

        Rank the platforms for up to 1,000 businesses, as if each had asked alone.

        What is wrong with one business is its own answer. The answers are sent as they are
        made.
        """
        return await self.call(
            Call("POST", "/v1/recommendations/batch", BatchAnswers, body=body, repeatable=True)
        )

    async def delete_list(self, recommendation_id: str) -> None:
        """Erase a list that was served to a business that is not stored.

        Take back what a business agreed to that is not stored: its list goes, and what came of
        it.

        The lists of a stored business go with it: `DELETE /v1/profiles/{profile_id}`.
        """
        return await self.call(
            Call(
                "DELETE",
                path(
                    "/v1/recommendations/{recommendation_id}", recommendation_id=recommendation_id
                ),
                NoneType,
                accepts=(204,),
                repeatable=True,
            )
        )

    async def record_events(self, body: EventBatch) -> StoredEvents:
        """Record what a business did.

        Store events; answered once they are committed. An event that is sent twice counts once.
        """
        return await self.call(Call("POST", "/v1/events", StoredEvents, body=body, repeatable=True))

    async def create_profile(self, body: NewProfile) -> StoredProfile:
        """Store a business.

        Store a profile under a new id that cannot be guessed.

        The website asks the owner first. Without the consent `service` nothing may be stored:
        send the profile to `POST /v1/recommendations` instead.
        """
        return await self.call(
            Call("POST", "/v1/profiles", StoredProfile, accepts=(201,), body=body)
        )

    async def get_profile(self, profile_id: str) -> StoredProfile:
        """Read a business.

        Return a stored profile.
        """
        return await self.call(
            Call(
                "GET",
                path("/v1/profiles/{profile_id}", profile_id=profile_id),
                StoredProfile,
                repeatable=True,
            )
        )

    async def replace_profile(self, profile_id: str, body: BusinessProfile) -> StoredProfile:
        """Replace a business.

        Put a profile in the place of the stored one.
        """
        return await self.call(
            Call(
                "PUT",
                path("/v1/profiles/{profile_id}", profile_id=profile_id),
                StoredProfile,
                body=body,
                repeatable=True,
            )
        )

    async def delete_profile(self, profile_id: str) -> None:
        """Erase a business.

        Erase a business at once: its profile, consents, what it was shown and what it did.
        """
        return await self.call(
            Call(
                "DELETE",
                path("/v1/profiles/{profile_id}", profile_id=profile_id),
                NoneType,
                accepts=(204,),
                repeatable=True,
            )
        )

    async def export_profile(self, profile_id: str) -> Held:
        """Export everything held on a business.

        Return all that is held on a business, and nothing of others, as one document to hand
        out.
        """
        return await self.call(
            Call(
                "GET",
                path("/v1/profiles/{profile_id}/export", profile_id=profile_id),
                Held,
                repeatable=True,
            )
        )

    async def get_consent(self, profile_id: str) -> ConsentView:
        """Read what a business agreed to.

        Return what is in force, and the history of it.

        The history is empty for a business that was stored before consent was asked for. It is
        kept, but not learned from.
        """
        return await self.call(
            Call(
                "GET",
                path("/v1/profiles/{profile_id}/consent", profile_id=profile_id),
                ConsentView,
                repeatable=True,
            )
        )

    async def set_consent(self, profile_id: str, body: ConsentChange) -> ConsentView:
        """Record what a business agrees to.

        Record an answer; it holds from the next training on, also for what was recorded before.
        """
        return await self.call(
            Call(
                "PUT",
                path("/v1/profiles/{profile_id}/consent", profile_id=profile_id),
                ConsentView,
                body=body,
                repeatable=True,
            )
        )

    async def list_platforms(
        self, *, locale: Literal["vi", "en"] | None = None, category: str | None = None
    ) -> PlatformList:
        """List the platforms.

        Return the catalogue, or one category of it.
        """
        return await self.call(
            Call(
                "GET",
                "/v1/platforms",
                PlatformList,
                query={"locale": locale, "category": category},
                repeatable=True,
            )
        )

    async def get_platform(
        self, platform_id: str, *, locale: Literal["vi", "en"] | None = None
    ) -> PlatformView:
        """Read a platform.

        Return one platform of the catalogue.
        """
        return await self.call(
            Call(
                "GET",
                path("/v1/platforms/{platform_id}", platform_id=platform_id),
                PlatformView,
                query={"locale": locale},
                repeatable=True,
            )
        )

    async def similar_platforms(
        self, platform_id: str, *, n: int | None = None, locale: Literal["vi", "en"] | None = None
    ) -> SimilarPlatforms:
        """List platforms that are like one.

        Return platforms that suit the same businesses, those of the same category first.
        """
        return await self.call(
            Call(
                "GET",
                path("/v1/platforms/{platform_id}/similar", platform_id=platform_id),
                SimilarPlatforms,
                query={"n": n, "locale": locale},
                repeatable=True,
            )
        )

    async def get_questionnaire(
        self, *, locale: Literal["vi", "en"] | None = None
    ) -> QuestionnaireView:
        """Read the questionnaire.

        Return the questions with every possible answer.
        """
        return await self.call(
            Call(
                "GET",
                "/v1/questionnaire",
                QuestionnaireView,
                query={"locale": locale},
                repeatable=True,
            )
        )

    async def live(self) -> Health:
        """Is the process alive?

        Answer as long as the process can.
        """
        return await self.call(Call("GET", "/health/live", Health, repeatable=True))

    async def ready(self) -> Health:
        """Is everything there to answer well?

        Answer 200 when a model is in service and the database stores, else 503 with reasons.

        Told, too, but no reason not to be ready, as what was in service before goes on: data
        tables that are not taken over, and an experiment that is not under way.
        """
        return await self.call(
            Call("GET", "/health/ready", Health, accepts=(200, 503), repeatable=True)
        )
