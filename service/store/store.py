"""The store as request handlers see it."""

import asyncio
import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from recommender.domain import BusinessProfile, Event, Locale
from service.store import expiry, lendings, queries, receipts
from service.store.appends import AppendEvents, LogExposure
from service.store.consents import read_consents
from service.store.engine import make_engine
from service.store.erasure import Erase, EraseList, ListErased
from service.store.expiry import Claim, Forget, Kept
from service.store.held import Held, read_held
from service.store.journal import Journal, reason_of
from service.store.records import (
    Choice,
    Consent,
    Draft,
    Exposure,
    History,
    Lending,
    Receipt,
    StoredProfile,
    StoreUnavailable,
    Unreadable,
    now,
)
from service.store.shared_reads import SharedReads
from service.store.visits import Past, read_past
from service.store.writes import (
    AnswerDraft,
    FinishDraft,
    Probe,
    RecordChoice,
    ReplaceProfile,
    SaveDraft,
    SaveProfile,
)

Result = TypeVar("Result")


class Store:
    """Profiles, drafts, consents, exposures and events, kept durably.

    Every write is answered once committed; reads see all writes answered before. Open one per
    process, and migrate the database first (`service.store.migrate`).

    Args:
        url: `sqlite:///folder/file.db` or `postgresql://user:password@host/database`.

    Raises:
        ValueError: If the URL is of no such database.
    """

    def __init__(self, url: str) -> None:
        self._reader = make_engine(url)
        self._writer = make_engine(url, writes=True)
        self.journal = Journal(self._writer)
        self._histories = SharedReads(self.profiles_with_history)

    def start(self) -> None:
        """Start to take writes; the database need not be there yet."""
        self.journal.start()

    async def close(self) -> None:
        """Store what is queued, then let go of the database."""
        await asyncio.to_thread(self.journal.close)
        self._writer.dispose()
        self._reader.dispose()

    async def ready(self) -> None:
        """Return if a write would be stored now.

        Raises:
            StoreUnavailable: With the reason why not.
        """
        await self.journal.submit(Probe())

    async def save_profile(
        self, id: str, profile: BusinessProfile, choice: Choice | None = None
    ) -> StoredProfile:
        """Store a profile, in place of the one of the same id if there is one.

        Args:
            id: Of the business.
            profile: What it told.
            choice: What it answered when it was asked for its consent; stored with it.

        Raises:
            StoreUnavailable: If it is not stored.
        """
        return await self.journal.submit(SaveProfile(id, profile, now(), choice))

    async def replace_profile(self, id: str, profile: BusinessProfile) -> StoredProfile | None:
        """Store a profile in place of the one of the same id; None if there is none (any more).

        Raises:
            StoreUnavailable: If it is not stored.
        """
        return await self.journal.submit(ReplaceProfile(id, profile, now()))

    async def profile(self, id: str) -> StoredProfile | None:
        """Return a profile, or None.

        Raises:
            Unreadable: If another version stored it.
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: queries.read_profile(connection, id))

    async def profile_with_history(self, id: str) -> tuple[StoredProfile, History] | None:
        """Return a profile and its history, or None; who asks at once shares a round trip.

        Raises:
            Unreadable: If another version stored the profile.
            StoreUnavailable: If the database does not answer.
        """
        found = await self._histories.get(id)
        if isinstance(found, Unreadable):
            raise found
        return found

    async def profiles_with_history(
        self, ids: Collection[str]
    ) -> dict[str, tuple[StoredProfile, History] | Unreadable]:
        """Return those profiles that are stored, each with its history, in one round trip.

        Where another version stored one, its error stands in its place.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        if not ids:
            return {}
        return await self.read(
            lambda connection: queries.read_profiles_with_history(connection, ids)
        )

    async def consents(self, profile_id: str) -> tuple[Consent, ...]:
        """Return all that a business answered when it was asked for its consent, oldest first.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: read_consents(connection, profile_id))

    async def record_choice(self, profile_id: str, choice: Choice) -> bool:
        """Store what a business answers now; False if it is not stored (any more).

        Raises:
            StoreUnavailable: If it is not stored.
        """
        return await self.journal.submit(RecordChoice(profile_id, choice, now()))

    async def held(self, profile_id: str) -> Held | None:
        """Return everything that is held on a business, or None.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: read_held(connection, profile_id))

    async def erase(self, profile_id: str) -> bool:
        """Delete all that is held on a business: profile, draft, consents, exposures and events.

        Returns:
            Whether there was anything.

        Raises:
            StoreUnavailable: If nothing is deleted.
        """
        return await self.journal.submit(Erase(profile_id))

    async def erase_list(self, recommendation_id: str) -> ListErased:
        """Delete a list that was served to a business that is not stored, and what came of it.

        Returns:
            What became of it; a list of a stored business stays.

        Raises:
            StoreUnavailable: If nothing is deleted.
        """
        return await self.journal.submit(EraseList(recommendation_id))

    async def forget(self, kept: Kept, before: dt.datetime) -> int:
        """Delete what was last touched before some moment, a few at a time; return how many.

        Raises:
            StoreUnavailable: If the database does not answer; what was deleted until then is gone.
        """
        number = 0
        while ids := await self.read(lambda found: expiry.find_expired(found, kept, before)):
            gone = await self.journal.submit(Forget(kept, ids, before))
            number += gone
            if not gone:  # All of them came back meanwhile; the next time will tell.
                break
        return number

    async def expired(self, kept: Kept, before: dt.datetime) -> int:
        """Count what `forget` would delete.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda found: expiry.count_expired(found, kept, before))

    async def claim(self, task: str, at: dt.datetime, until: dt.datetime) -> bool:
        """Take a task upon this process if it is due; then nobody else gets it until some moment.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.journal.submit(Claim(task, at, until))

    async def append_events(self, events: Sequence[Event]) -> None:
        """Store all these events, each id once, and return once they are committed.

        An event that names only a recommendation is given the profile of that recommendation; one
        without a time, or from the future, is given the time of receipt. A recommendation that is
        not stored is waited for, a second at most: another process may be about to store it.

        Raises:
            UnknownReference: If an event names a profile or a recommendation that is not stored,
                names nobody, or a recommendation made to another business. None is stored.
            ConflictingEvent: If an event bears the id of one, stored or sent with it, that says
                something else; its time does not count. None is stored.
            StoreError: If the time of one has no offset. None is stored.
            StoreUnavailable: If none is stored, as the database does not answer.
        """
        if events:
            await self.journal.submit(AppendEvents.of(events, now()))

    def log_exposure(self, exposure: Exposure) -> None:
        """Queue a list as it was served, and return at once.

        It is stored before any event that this process takes in later. While the database is gone
        it is kept, but not for ever: what is lost is counted in `journal.dropped_exposures`. It is
        not stored if its `profile_id` is not, which means that the business was erased meanwhile.

        Raises:
            StoreError: If its time has no offset.
        """
        self.journal.post(LogExposure.of(exposure))

    async def past(self, profile_id: str, before: dt.datetime) -> Past:
        """Return the last list of a business before some moment, and what it looks at by now.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: read_past(connection, profile_id, before))

    async def save_draft(self, draft: Draft) -> None:
        """Store a draft, in place of the one of the same id if there is one.

        Raises:
            StoreUnavailable: If it is not stored.
        """
        await self.journal.submit(SaveDraft(draft))

    async def answer_draft(self, id: str, told: Mapping[str, Any], locale: Locale) -> Draft | None:
        """Put answers into a draft beside those that are there, and return it.

        Returns:
            The draft as it is now; None if there is none (any more).

        Raises:
            Unreadable: If another version stored it.
            StoreUnavailable: If they are not stored.
        """
        return await self.journal.submit(AnswerDraft(id, told, locale, now()))

    async def lend_draft(self, draft: Draft, lending: Lending) -> None:
        """Store a new draft with an address for who helps its owner; nothing if that is taken.

        Raises:
            StoreUnavailable: If it is not stored.
        """
        await self.journal.submit(lendings.LendDraft(draft, lending))

    async def return_draft(self, lending_id: str) -> bool:
        """Make a lent address open nothing any more; False if it did not.

        Raises:
            StoreUnavailable: If it still does.
        """
        return await self.journal.submit(lendings.ReturnDraft(lending_id, now()))

    async def make_receipt(self, receipt: Receipt) -> Receipt | None:
        """Store a link by which an owner receives a draft that is lent, unless there is one.

        Returns:
            The one that there is; None if the draft is not lent (any more).

        Raises:
            StoreUnavailable: If it is not stored.
        """
        return await self.journal.submit(receipts.MakeReceipt(receipt))

    async def take_receipt(self, id: str, by: str) -> str | None:
        """Give a draft to the first who takes it, and again to whoever that was.

        Args:
            id: Of the receipt.
            by: What tells who takes it from others.

        Returns:
            The id of the draft, which nobody who helps can open from now on; None if there is no
            such receipt, its time is over, or somebody else has taken it.

        Raises:
            StoreUnavailable: If it is not taken.
        """
        return await self.journal.submit(receipts.TakeReceipt(id, by, now()))

    async def receipt(self, id: str) -> Receipt | None:
        """Return a receipt that can be taken, or None.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: receipts.read_receipt(connection, id))

    async def lending(self, id: str) -> Lending | None:
        """Return what is known of a lent address, or None.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: lendings.read_lending(connection, id))

    async def round(self, id: str) -> list[Lending]:
        """Return what was lent in a round of a volunteer, in the order in which it was begun.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: lendings.read_round(connection, id))

    async def finish_draft(
        self, id: str, profile: BusinessProfile, choice: Choice | None = None
    ) -> StoredProfile | None:
        """Store the profile of a draft under its id; None if there is no such draft (any more).

        Args:
            id: Of both.
            profile: What the answers add up to.
            choice: What the business answered when it was asked for its consent; stored with it.

        Raises:
            StoreUnavailable: If it is not stored.
        """
        return await self.journal.submit(FinishDraft(SaveProfile(id, profile, now(), choice)))

    async def draft(self, address: str) -> Draft | None:
        """Return the draft of this id, or the one that is lent out at this address, or None.

        Raises:
            Unreadable: If another version stored it.
            StoreUnavailable: If the database does not answer.
        """
        return await self.read(lambda connection: queries.read_draft(connection, address))

    async def read(self, query: Callable[[Connection], Result]) -> Result:
        """Run a query in a thread, in one transaction, and return what it returns.

        Raises:
            StoreUnavailable: If the database does not answer.
        """
        return await asyncio.to_thread(self._read_now, query)

    def _read_now(self, query: Callable[[Connection], Result]) -> Result:
        try:
            with self._reader.connect() as connection:
                return query(connection)
        except SQLAlchemyError as error:
            raise StoreUnavailable(reason_of(error)) from error
