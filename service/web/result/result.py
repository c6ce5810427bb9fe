"""The result of a business, what it says to each suggestion, and the deletion of its data."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from recommender.domain.recommendation import Filters
from service.recommend import recommend_stored
from service.serving import Serving
from service.settings import Settings
from service.store.records import Draft, StoredProfile, in_force
from service.store.store import Store
from service.web.forms import Form
from service.web.pages import Page
from service.web.result.consent import kept_until
from service.web.result.feedback import read_event, thanks
from service.web.result.result_view import view_result
from service.web.wording import notes

SUGGESTIONS = 8


@get("/result/{token:str}")
async def show_result(
    token: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    stored: NamedDependency[StoredProfile | None],
    store: NamedDependency[Store],
    settings: NamedDependency[Settings],
    page: NamedDependency[Page],
    done: FromQuery[str] = "",
    platform: FromQuery[str] = "",
) -> Response[Any]:
    """Show where the business stands and what suits it; a started questionnaire is gone on with."""
    reference, locale = serving.reference, page.language.locale
    if stored is None:
        return page.redirect(f"/form/{token}")
    served = await recommend_stored(
        serving, store, draft.id, n=SUGGESTIONS, filters=Filters(), locale=locale
    )
    if served is None:
        raise NotFoundException("The business was deleted meanwhile.")
    recommendation = served.recommendation
    history = await store.consents(draft.id)
    return page.render(
        "result/result.html",
        profile=stored.profile,
        recommendation=recommendation,
        view=view_result(recommendation, stored.profile, reference, page.language),
        is_full=len(recommendation.items) == SUGGESTIONS,
        message=thanks(done, reference.platforms.get(platform), page.language),
        reasons=reference.choices["dismiss_reason"].values(),
        notes=notes(reference, page.language),
        feedback_url=page.url(f"/result/{token}/feedback"),
        private_url=page.full_url(f"/result/{token}"),
        change_url=page.url(f"/form/{token}/check"),
        delete_url=page.url(f"/result/{token}/delete"),
        consent_url=page.url(f"/result/{token}/consent"),
        export_url=page.url(f"/result/{token}/export"),
        asked=bool(history),
        granted=in_force(history),
        gone_by=kept_until(history, settings),
    )


@post("/result/{token:str}/feedback")
async def give_feedback(
    token: FromPath[str],
    form: NamedDependency[Form],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Keep what the business says to a platform, then show the list as it is now."""
    event = read_event(form, draft.id, serving.reference)
    await store.append_events([event])
    if event.kind == "click":
        return page.redirect(f"/visit/{event.platform_id}")
    return page.redirect(f"/result/{token}?done={event.kind}&platform={event.platform_id}")


@get("/result/{token:str}/delete")
async def confirm_deletion(
    token: FromPath[str], draft: NamedDependency[Draft], page: NamedDependency[Page]
) -> Response[Any]:
    """Ask whether everything about the business is to be deleted."""
    url = f"/result/{token}/delete"
    return page.render(
        "result/delete.html", action=page.url(url), back_url=page.url(f"/form/{token}")
    )


@post("/result/{token:str}/delete")
async def delete_everything(
    draft: NamedDependency[Draft], store: NamedDependency[Store], page: NamedDependency[Page]
) -> Response[Any]:
    """Delete all that is kept about the business."""
    await store.erase(draft.id)
    return page.redirect("/deleted")


@get("/deleted")
async def show_deleted(page: NamedDependency[Page]) -> Response[Any]:
    """Say that everything is gone."""
    return page.render("result/deleted.html")
