"""What a business says to a suggestion, as an event."""

import hashlib
from typing import get_args

import msgspec
from litestar.exceptions import ClientException

from recommender.domain import Event, Reference
from recommender.domain.catalogue import Platform
from recommender.domain.engagement import EventKind
from service.web.forms import Form, single
from service.web.i18n import Language

KINDS: frozenset[EventKind] = frozenset(
    {"view", "click", "save", "trial", "adopt", "dismiss", "withdraw"}
)
"""What the buttons of the result page say."""

LEAVES: frozenset[EventKind] = frozenset({"adopt", "dismiss"})
"""After these a platform leaves the list, until it is taken back."""


def read_event(form: Form, token: str, reference: Reference) -> Event:
    """Read the form below a suggestion.

    Raises:
        ClientException: It was not made by the result page.
    """
    kind, platform_id = single(form, "kind"), single(form, "platform_id")
    recommendation_id = single(form, "recommendation_id")
    if kind not in KINDS or platform_id not in reference.platforms:
        raise ClientException("No such button.")
    fields = {
        "id": event_id(recommendation_id, platform_id, kind),
        "kind": kind,
        "platform_id": platform_id,
        "profile_id": token,
        "recommendation_id": recommendation_id,
        "reason": (single(form, "reason") or None) if kind == "dismiss" else None,
    }
    try:
        return msgspec.convert(fields, Event)
    except msgspec.ValidationError as error:
        raise ClientException("No such reason or recommendation.") from error


def event_id(recommendation_id: str, platform_id: str, kind: str) -> str:
    """Return an id that is the same whenever the same button of the same page is sent again."""
    told = "\n".join((recommendation_id, platform_id, kind))
    return hashlib.sha256(told.encode()).hexdigest()[:32]


def thanks(kind: str, platform: Platform | None, language: Language) -> str:
    """Say what has been noted; empty if nothing was."""
    _ = language.gettext
    if kind == "compare":
        return _("Tick two or three platforms, then press Compare.")
    if platform is None or kind not in get_args(EventKind):
        return ""
    if kind == "dismiss":
        return _("%(name)s is no longer on your list.", name=platform.name)
    if kind == "adopt":
        return _("Noted: you use %(name)s. It is not suggested any more.", name=platform.name)
    if kind == "withdraw":
        return _("Taken back: we may suggest %(name)s again.", name=platform.name)
    if kind == "save":
        return _("Thank you. We noted that %(name)s looks useful to you.", name=platform.name)
    if kind == "trial":
        return _("Noted: you are looking at %(name)s. We ask again next time.", name=platform.name)
    return ""
