"""From an answer to a plan: beside its peers, step by step, and beside what is there already."""

import datetime as dt

from recommender.domain import Locale, Reference
from recommender.domain.peers import Peers, PeerTable
from recommender.domain.plan import FunctionPicture, PeerGroup, Plan
from recommender.policy.explanation import inner
from recommender.policy.fit import fits
from recommender.policy.recommender import Answer
from recommender.policy.road_map import road_map


def make_plan(answer: Answer, reference: Reference, peers: PeerTable, today: dt.date) -> Plan:
    """Make a plan of an answer, in its language.

    Args:
        answer: What the business was answered.
        reference: The data that the answer was made from.
        peers: Whom businesses may be compared with.
        today: The day on which it is made, in Vietnam.
    """
    recommendation = answer.recommendation
    locale = recommendation.locale
    found = peers.of(answer.profile.sector, recommendation.size_class.code)
    of_peers = found[0].functions if found else {}
    told, scores = answer.profile.functions, recommendation.maturity.functions
    states = reference.choices["function_state"]
    functions = tuple(
        FunctionPicture(
            code=function.code,
            name=function.say("name", locale),
            state=told.get(function.code),
            state_name=states[told[function.code]].say("name", locale)
            if function.code in told
            else None,
            score=scores.get(function.code),
            peers=of_peers.get(function.code),
        )
        for function in reference.functions.values()
    )
    return Plan(
        recommendation=recommendation,
        functions=functions,
        peers=_group(*found, reference, locale) if found else None,
        road_map=road_map(answer, reference, today, locale),
        fits=fits(answer, reference, locale),
    )


def _group(peers: Peers, simulated: bool, reference: Reference, locale: Locale) -> PeerGroup:
    """Return who the peers are, in the reader's language."""
    sector = next(row for (_, code), row in reference.sectors.items() if code == peers.sector)
    sector_name = sector.say("name", locale)
    size_name = reference.choices["size"][peers.size].say("name", locale)
    note = reference.messages.notes["peers_simulated" if simulated else "peers_recorded"].say(
        locale,
        businesses=peers.businesses,
        sector=inner(sector_name),
        size=inner(size_name),
    )
    return PeerGroup(
        simulated=simulated,
        businesses=peers.businesses,
        sector=peers.sector,
        sector_name=sector_name,
        size=peers.size,
        size_name=size_name,
        note=note,
    )
