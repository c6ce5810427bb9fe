"""A new model is taken into service without a restart and without a failed request."""

import threading
from itertools import groupby

import httpx

CLIENTS = 4


def test_models_are_swapped_under_load_without_a_failed_request(
    start, models, train_on, restaurant
):
    server = start()
    server.wait_until_live()
    versions = [models.current]
    served: list[list[str]] = [[] for _ in range(CLIENTS)]
    failures: list[str] = []
    over = threading.Event()

    def ask(answers: list[str]) -> None:
        with httpx.Client(base_url=server.url) as client:
            while not over.is_set():
                try:
                    response = client.post("/v1/recommendations", json={"profile": restaurant})
                except httpx.HTTPError as error:
                    failures.append(repr(error))
                    continue
                if response.status_code != 200 or len(response.json()["items"]) != 10:
                    failures.append(response.text)
                    continue
                answers.append(response.json()["model"]["version"])

    def all_are_served(version: str) -> bool:
        return all(answers and answers[-1] == version for answers in served)

    clients = [threading.Thread(target=ask, args=(answers,)) for answers in served]
    for client in clients:
        client.start()
    try:
        server.wait_for(lambda: all_are_served(versions[0]))
        for businesses in (40, 44, 48):
            versions.append(train_on(models, businesses).version)
            server.wait_for(lambda: all_are_served(versions[-1]))
    finally:
        over.set()
        for client in clients:
            client.join()

    assert failures == []
    assert len(set(versions)) == 4
    for answers in served:
        in_turn = [version for version, _ in groupby(answers)]
        assert in_turn == versions
    assert server.client.get("/health/live").json()["model"] == versions[-1]
    assert server.ready() == (200, "")
