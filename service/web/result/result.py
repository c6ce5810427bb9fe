"""The result of a business, what it says to each suggestion, and the deletion of its data."""

import asyncio
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from recommender.domain.plan import Plan
from recommender.domain.recommendation import Filters
from service.recommend import recommend_stored
from service.serving import Serving
from service.settings import Settings
from service.store import History
from service.store.records import Draft, StoredProfile, in_force, now
from service.store.store import Store
from service.web.forms import Form
from service.web.pages import Page
from service.web.qr import qr_code
from service.web.questionnaire.tools import after
from service.web.result.consent import kept_until
from service.web.result.feedback import LEAVES, read_event, thanks
from service.web.result.result_view import view_result
from service.web.result.sheet import draw_sheet
from service.web.result.since import since, start_of_day
from service.web.security import FORGET
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
    ticked: FromQuery[list[str] | None] = None,
) -> Response[Any]:
    """Show where the business stands and what suits it; a started questionnaire is gone on with."""
    reference, language = serving.reference, page.language
    if stored is None:
        return page.redirect(f"/form/{token}")
    today = start_of_day(now())
    past = await store.past(draft.id, today)
    consents = await store.consents(draft.id)
    plan = await _plan(serving, store, draft.id, page)
    found = await store.profile_with_history(draft.id)
    history = found[1] if found else History()
    saved = frozenset(each.platform_id for each in past.interests if each.kind == "save")
    private_url = page.full_url(f"/result/{token}")
    return page.render(
        "result/result.html",
        plan=plan,
        recommendation=plan.recommendation,
        view=view_result(plan, stored.profile, reference, language, saved, history),
        since=since(past, plan.recommendation, reference, today),
        is_full=done in LEAVES and len(plan.recommendation.items) == SUGGESTIONS,
        message=thanks(done, reference.platforms.get(platform), language),
        undo=reference.platforms.get(platform) if done in LEAVES else None,
        ticked=frozenset(ticked or ()),
        reasons=reference.choices["dismiss_reason"].values(),
        notes=notes(reference, language),
        urls={
            name: page.url(f"/result/{token}/{name}")
            for name in (
                "feedback",
                "compare",
                "sheet.pdf",
                "consent",
                "export",
                "delete",
                "platforms",
            )
        },
        private_url=private_url,
        qr=qr_code(private_url),
        change_url=page.url(f"/form/{token}/check"),
        asked=bool(consents),
        granted=in_force(consents),
        gone_by=kept_until(consents, settings),
    )


@get("/result/{token:str}/sheet.pdf")
async def download_sheet(
    token: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    stored: NamedDependency[StoredProfile | None],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Hand out the result as a sheet of paper, to its owner alone."""
    if page.lent:  # a file would stay on the phone of the volunteer
        return page.redirect(f"/hand-over/{page.lent}")
    if stored is None:
        return page.redirect(f"/form/{token}")
    plan = await _plan(serving, store, draft.id, page)
    view = view_result(plan, stored.profile, serving.reference, page.language)
    told = notes(serving.reference, page.language)
    pdf = await asyncio.to_thread(
        draw_sheet,
        view,
        plan.recommendation.duties,
        tuple(filter(None, (plan.recommendation.model.note, told["catalogue"], told["support"]))),
        page.full_url(f"/result/{token}"),
        plan.road_map.made_on,
        page.language,
    )
    name = f"smedx-{plan.road_map.made_on}.pdf"
    disposition = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(pdf, media_type="application/pdf", headers=disposition)


async def _plan(serving: Serving, store: Store, profile_id: str, page: Page) -> Plan:
    """Recommend, and say what to do with it.

    Raises:
        NotFoundException: The business was deleted meanwhile.
    """
    served = await recommend_stored(
        serving,
        store,
        profile_id,
        n=SUGGESTIONS,
        filters=Filters(),
        locale=page.language.locale,
    )
    if served is None:
        raise NotFoundException("The business was deleted meanwhile.")
    return served.plan()


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
    if told := after(event, draft.answers, serving.reference):
        await store.answer_draft(draft.id, told, page.language.locale)
    if event.kind == "click":
        return page.redirect(f"/visit/{event.platform_id}")
    return page.redirect(f"/result/{token}?done={event.kind}&platform={event.platform_id}#list")


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
    answer = page.redirect("/deleted")
    answer.headers["Clear-Site-Data"] = FORGET
    return answer


@get("/deleted")
async def show_deleted(page: NamedDependency[Page]) -> Response[Any]:
    """Say that everything is gone."""
    return page.render("result/deleted.html")
