"""Run as a process: append events until killed, and print the id of each list once answered."""

import asyncio
import os
import sys

from recommender.domain import BusinessProfile, Event
from service.store import Store

PROFILE = BusinessProfile(
    legal_form="household", sector="I", employees=1, province="48", sells_to_consumers=True
)


async def main(url: str, prefix: str) -> None:
    store = Store(url)
    store.start()
    await store.save_profile(prefix, PROFILE)

    async def visitor(number: int) -> None:
        i = 0
        while True:
            name, size = f"{prefix}-{number}-{i}", 1 + (number + i) % 7
            events = [
                Event(id=f"{name}-{j}", kind="click", platform_id=f"{size}", profile_id=prefix)
                for j in range(size)
            ]
            # Two requests at once, as when a sender did not hear the answer in time.
            await asyncio.gather(store.append_events(events), store.append_events(events))
            os.write(1, f"{name}\n".encode())
            i += 1

    await asyncio.gather(*(visitor(number) for number in range(20)))


asyncio.run(main(sys.argv[1], sys.argv[2]))
