"""Two or three suggestions side by side."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from recommender.domain import BusinessProfile
from recommender.domain.plan import Plan
from recommender.domain.recommendation import Filters
from recommender.policy import Asked
from recommender.policy.plan import make_plan
from service.recommend import VIETNAM
from service.serving import Serving
from service.store import History
from service.store.records import Draft, now
from service.store.store import Store
from service.web.pages import Page
from service.web.result.cards import cards_of
from service.web.wording import notes

FEWEST, MOST = 2, 3


@get("/result/{token:str}/compare")
async def compare(
    token: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
    platform: FromQuery[list[str] | None] = None,
    drawn: FromQuery[str] = "",
) -> Response[Any]:
    """Show what was ticked side by side; too few or too many lead back, with what to do.

    What was `drawn` by chance into the list is marked so here, too.
    """
    ticked = [id_ for id_ in dict.fromkeys(platform or ()) if id_ in serving.reference.platforms]
    found = await store.profile_with_history(draft.id)
    if found is None:
        return page.redirect(f"/form/{token}")
    back = f"/result/{token}"
    again = f"{back}?{urlencode({'done': 'compare', 'ticked': ticked}, doseq=True)}#list"
    if not FEWEST <= len(ticked) <= MOST:
        return page.redirect(again)
    plan = _plan(serving, draft.id, found[0].profile, found[1], ticked, page)
    items = plan.recommendation.items
    if len(items) < FEWEST:
        return page.redirect(again)
    return page.render(
        "result/compare.html",
        cards=cards_of(items, page.language, plan.fits),
        drawn=drawn,
        notes=notes(serving.reference, page.language),
        back_url=page.url(back),
    )


def _plan(
    serving: Serving,
    profile_id: str,
    profile: BusinessProfile,
    history: History,
    ticked: Sequence[str],
    page: Page,
) -> Plan:
    """Rank only these. It is no exposure: the business saw them in a list that was kept."""
    recommender, _ = serving.recommender_for(profile_id)
    only = Filters(include=tuple(ticked))
    asked = Asked(
        "", page.language.locale, MOST, only, history.adopted, history.dismissed, profile_id
    )
    answer = recommender.recommend(serving.reference.normalise(profile), asked)
    return make_plan(
        answer, serving.reference, recommender.info.peers, now().astimezone(VIETNAM).date()
    )
