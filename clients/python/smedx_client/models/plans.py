"""What is sent and answered: plans.

Written by `make clients` from the OpenAPI document: change nothing here."""

import datetime as dt

from msgspec import Struct

from smedx_client.models.recommendations import DutyMet, Recommendation


class FunctionPicture(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the eight functions of a business, beside its peers.

    There is no `score` where nothing was told or it does not apply, no `peers` where too few
    are known.

    Attributes:
        code: Code of the function.
        name: What it is called.
        state: How the work is done now.
        state_name: The same in words.
        score: From 0 to 100; null where nothing was told or it does not apply.
        peers: Mean score of the peers; null where too few are known.
    """

    code: str
    name: str
    state: str | None
    state_name: str | None
    score: float | None
    peers: float | None


class PeerGroup(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a business is compared with; `simulated` ones are never mixed with real ones.

    Attributes:
        simulated: Whether these are simulated businesses; they are never mixed with real ones.
        businesses: How many.
        sector: Code of their line of business.
        sector_name: What it is called.
        size: Code of their size.
        size_name: What it is called.
        note: Whom one is compared with, in a sentence.
    """

    simulated: bool
    businesses: int
    sector: str
    sector_name: str
    size: str
    size_name: str
    note: str


class Before(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a step needs before it: an earlier step, or what the business has already.

    `position` is that of the earlier step; there is none where the business has it.

    Attributes:
        category: The kind of platform.
        category_name: Its name.
        position: That of the earlier step; null where the business has it.
        text: The same in words.
    """

    category: str
    category_name: str
    position: int | None
    text: str


class InUse(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A platform that the business uses, and what it has to do with a suggested one.

    Attributes:
        id: Code of the platform.
        name: What it is called.
        text: What it has to do with the suggested one.
    """

    id: str
    name: str
    text: str


class Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of the road map: a kind of platform, and one that fits.

    Attributes:
        position: From 1, through all phases.
        category: The kind of platform.
        category_name: Its name.
        task: What to do, in a phrase.
        platform_id: One that fits; not always in the list.
        platform_name: Its name.
        reason: Why this step, in a sentence.
        before: What it needs before it.
        duties: Legal duties of the business that such a platform helps to meet, none met yet.
        deadline: The first day on which such a duty binds for certain, by what the business
            told.
        overdue: Whether that day has passed.
        deadline_verified: Whether the source of that duty was read. Where it is false, say
            beside the deadline that it was not checked against the legal text.
    """

    position: int
    category: str
    category_name: str
    task: str
    platform_id: str
    platform_name: str
    reason: str
    before: tuple[Before, ...]
    duties: tuple[DutyMet, ...]
    deadline: dt.date | None
    overdue: bool
    deadline_verified: bool


class Fit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a suggested platform means beside what the business has.

    Attributes:
        today: How the business does this work now, if it told.
        today_name: The same in words.
        covered: Whether something does this work already, so that no change is needed.
        covered_by: What does it: platforms of the same kind, or that do this work, too.
        replaces: What the suggested one could take the place of.
        connects: What it is of more use with; whether it can be linked, its provider must say.
        notes: The same in sentences, the most important first.
    """

    today: str | None
    today_name: str | None
    covered: bool
    covered_by: tuple[InUse, ...]
    replaces: tuple[InUse, ...]
    connects: tuple[InUse, ...]
    notes: tuple[str, ...]


class RoadMap(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A few steps, each after what it needs; a phase may be empty.

    Attributes:
        made_on: The day in Vietnam.
        now: What to do first.
        in_3_months: What comes next.
        in_a_year: What can wait.
        note: What the order rests on.
    """

    made_on: dt.date
    now: tuple[Step, ...]
    in_3_months: tuple[Step, ...]
    in_a_year: tuple[Step, ...]
    note: str


class Plan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A recommendation and what to do with it.

    Attributes:
        recommendation: The ranked list, the maturity, the support and the duties.
        functions: The eight functions, in the order of the questionnaire.
        peers: With whom they are compared, if enough are known.
        road_map: What to do now, in 3 months and in a year.
        fits: For each platform of the list, by id, what it means beside what is there.
    """

    recommendation: Recommendation
    functions: tuple[FunctionPicture, ...]
    peers: PeerGroup | None
    road_map: RoadMap
    fits: dict[str, Fit]
