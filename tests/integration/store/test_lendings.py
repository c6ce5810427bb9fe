"""A draft has a second address as long as a volunteer fills it in, and no longer."""

import asyncio

import pytest
from sqlalchemy import update

from service.store import Draft, Lending, Receipt
from service.store.engine import make_engine
from service.store.records import LENDINGS_KEPT_FOR, LENT_FOR, RECEIVABLE_FOR, now
from service.store.tables import drafts, lendings, receipts

from .samples import stored

pytestmark = pytest.mark.anyio
LENT = "lent-AAAAAAAAAAAAAAAAAAAAAA"


def lending(id_=LENT, draft_id="owner-1", lent_at=None):
    return Lending(id=id_, draft_id=draft_id, round="round-1", lent_at=lent_at or now())


async def lend(store, **told):
    lent = lending(**told)
    await store.lend_draft(Draft(id=lent.draft_id, locale="vi", answers={}), lent)


async def test_a_lent_address_opens_the_draft_of_its_owner(store):
    await lend(store)
    await store.answer_draft("owner-1", {"sector": "I"}, "vi")
    for address in (LENT, "owner-1"):
        draft = await store.draft(address)
        assert (draft.id, draft.answers) == ("owner-1", {"sector": "I"})


async def test_what_was_handed_over_opens_for_its_owner_alone(store):
    await lend(store)
    assert await store.return_draft(LENT) is True
    assert await store.return_draft(LENT) is False
    assert await store.draft(LENT) is None
    assert (await store.draft("owner-1")).id == "owner-1"
    kept = await store.lending(LENT)
    assert kept.draft_id is None
    assert kept.returned_at is not None


def receipt(id_="receipt-1", made_at=None):
    return Receipt(id=id_, draft_id="owner-1", made_at=made_at or now())


async def test_the_first_who_takes_a_draft_gets_it_and_it_is_lent_no_more(store):
    await lend(store)
    await lend(store, id_="lent-BBBBBBBBBBBBBBBBBBBBBB", draft_id="owner-2")
    await store.return_draft("lent-BBBBBBBBBBBBBBBBBBBBBB")
    other = await store.lending("lent-BBBBBBBBBBBBBBBBBBBBBB")
    made = [await store.make_receipt(receipt(id_)) for id_ in ("receipt-1", "receipt-2")]
    assert [each.id for each in made] == ["receipt-1", "receipt-1"]
    assert await store.take_receipt("receipt-2", "page-1") is None
    taken = await asyncio.gather(*(store.take_receipt("receipt-1", f"page-{i}") for i in range(5)))
    assert sorted(filter(None, taken)) == ["owner-1"]
    first = f"page-{taken.index('owner-1')}"
    assert await store.take_receipt("receipt-1", first) == "owner-1"
    assert await store.receipt("receipt-1") is None
    assert await store.draft(LENT) is None
    assert (await store.lending(LENT)).returned_at is not None
    assert await store.lending("lent-BBBBBBBBBBBBBBBBBBBBBB") == other
    assert await store.make_receipt(receipt("receipt-3")) is None


async def test_what_was_closed_before_it_was_taken_can_be_taken_for_a_week(store, database):
    await lend(store)
    await store.make_receipt(receipt())
    await store.return_draft(LENT)
    assert (await store.receipt("receipt-1")).draft_id == "owner-1"
    with make_engine(database, writes=True).begin() as connection:
        connection.execute(update(receipts).values(made_at=now() - RECEIVABLE_FOR))
    assert await store.receipt("receipt-1") is None
    assert await store.take_receipt("receipt-1", "page-1") is None
    await lend(store, id_="lent-BBBBBBBBBBBBBBBBBBBBBB", draft_id="owner-2")
    new = Receipt(id="receipt-2", draft_id="owner-2", made_at=now())
    assert await store.make_receipt(new) == new
    assert [row["id"] for row in stored(database, receipts)] == ["receipt-2"]


async def test_a_business_that_is_begun_twice_is_one(store, database):
    for draft_id in ("owner-1", "owner-2"):
        await lend(store, draft_id=draft_id)
    assert [row["id"] for row in stored(database, drafts)] == ["owner-1"]
    assert [each.draft_id for each in await store.round("round-1")] == ["owner-1"]


async def test_a_business_that_is_begun_again_after_it_was_handed_over_stays_so(store, database):
    await lend(store)
    await store.return_draft(LENT)
    await lend(store, draft_id="owner-2")
    assert await store.draft(LENT) is None
    assert [row["id"] for row in stored(database, drafts)] == ["owner-1"]


async def test_a_lent_address_opens_nothing_after_a_day(store, database):
    await lend(store)
    with make_engine(database, writes=True).begin() as connection:
        connection.execute(update(lendings).values(lent_at=now() - LENT_FOR))
    assert await store.draft(LENT) is None


async def test_what_was_lent_long_ago_is_forgotten_and_the_draft_stays(store, database):
    await lend(store, lent_at=now() - LENDINGS_KEPT_FOR)
    await lend(store, id_="lent-BBBBBBBBBBBBBBBBBBBBBB", draft_id="owner-2")
    assert await store.lending(LENT) is None
    assert {row["id"] for row in stored(database, drafts)} == {"owner-1", "owner-2"}


async def test_an_erased_business_is_not_lent_any_more(store):
    await lend(store)
    await store.make_receipt(receipt())
    assert await store.erase("owner-1")
    assert await store.lending(LENT) is None
    assert await store.receipt("receipt-1") is None


async def test_answers_sent_at_once_are_all_kept(store):
    await store.save_draft(Draft(id="owner-1", locale="vi", answers={}))
    sent = [
        store.answer_draft("owner-1", {f"question-{i % 5}": str(i % 5)}, "vi") for i in range(20)
    ]
    await asyncio.gather(*sent)
    draft = await store.draft("owner-1")
    assert draft.answers == {f"question-{i}": str(i) for i in range(5)}
