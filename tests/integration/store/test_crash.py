import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

from service.store.tables import events

from .samples import stored

WRITER = Path(__file__).with_name("crash_writer.py")
ROUNDS = 3


def test_what_was_answered_survives_kill_9_and_nothing_is_stored_twice(database):
    for number in range(ROUNDS):
        prefix = f"business-{number}"
        writer = subprocess.Popen(
            [sys.executable, str(WRITER), database, prefix], stdout=subprocess.PIPE, text=True
        )
        # Killed in the middle of its work: after the n-th answer, while others are on their way.
        answered = [writer.stdout.readline().strip() for _ in range(150 + 61 * number)]
        writer.send_signal(signal.SIGKILL)
        answered += writer.stdout.read().split("\n")[:-1]
        writer.stdout.close()
        assert writer.wait() == -signal.SIGKILL

        rows = [row for row in stored(database, events) if row["profile_id"] == prefix]
        found = Counter(row["id"].rpartition("-")[0] for row in rows)
        whole = {row["id"].rpartition("-")[0]: int(row["platform_id"]) for row in rows}
        assert len(answered) >= 150
        assert set(answered) <= set(found), "an answered list is lost"
        assert found == whole, "a list is stored in part or twice"
