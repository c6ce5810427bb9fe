"""What the journal of this process counts, added to what all processes count."""

from service.store.journal import Journal
from service.telemetry.metrics import JOURNAL, JOURNAL_COMMIT_ROWS, JOURNAL_DEPTH


class JournalCounts:
    """Publishes what a journal counted since it was published last.

    Args:
        journal: Counts in attributes of its own, as it must not wait for anybody.
    """

    def __init__(self, journal: Journal) -> None:
        journal.on_commit = JOURNAL_COMMIT_ROWS.observe
        self._journal = journal
        self._published = dict.fromkeys(JOURNAL, 0)

    def publish(self) -> None:
        """Add what is new."""
        JOURNAL_DEPTH.set(self._journal.depth)
        for name, counter in JOURNAL.items():
            counted = getattr(self._journal, name)
            counter.inc(counted - self._published[name])
            self._published[name] = counted
