"""Keys, limits and addresses as processes of their own handle them."""

import threading
import time

import httpx
import pytest
from click.testing import CliRunner

from service.access.bucket import Limit
from service.access.limiter import slice_of
from service.cli import main

PLATFORM = "/v1/platforms/sapo"


@pytest.fixture
def smedx(tmp_path):
    """Run a command on the database that servers use by default, or on another one."""

    def run(line: str, database: str = f"sqlite:///{tmp_path}/store.db") -> str:
        result = CliRunner().invoke(main, line.split(), env={"DATABASE_URL": database})
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    return run


def with_key(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_where_others_reach_it_it_does_not_start_without_a_key(start, smedx):
    refused = start(HOST="0.0.0.0")
    assert refused.process.wait(60) == 1
    assert "HOST=0.0.0.0 can be reached from other machines" in refused.said()
    assert "smedx keys create" in refused.said()
    assert "Traceback" not in refused.said()

    key = smedx("keys create --kind secret --name server")
    server = start(HOST="0.0.0.0")
    server.wait_until_live()
    assert server.client.get(PLATFORM).status_code == 401
    assert server.client.get(PLATFORM, headers=with_key(key)).status_code == 200

    smedx(f"keys revoke {key.split('_', 1)[1].rpartition('_')[0][:11]} --why test")
    assert start(HOST="0.0.0.0").process.wait(60) == 1


def test_on_loopback_it_starts_without_a_key_and_says_so(start):
    server = start()
    server.wait_until_live()
    assert server.client.get(PLATFORM).status_code == 200
    assert "No key exists yet, so the API asks for none on 127.0.0.1" in server.said()


def test_changes_to_keys_are_taken_over_without_a_restart(start, smedx):
    server = start()
    server.wait_until_live()

    def answers(key: str) -> int:
        return server.client.get(PLATFORM, headers=with_key(key) if key else {}).status_code

    old = smedx("keys create --kind secret --name server")
    id_ = old.split("_", 1)[1][:11]
    server.wait_for(lambda: answers("") == 401)
    assert answers(old) == 200
    new = smedx(f"keys rotate {id_}")
    server.wait_for(lambda: answers(new) == 200)
    assert answers(old) == 200
    smedx(f"keys revoke {id_} --why leaked")
    server.wait_for(lambda: answers(old) == 401)
    assert answers(new) == 200


def test_the_key_of_a_website_works_in_a_real_process_with_cors(start, smedx):
    key = smedx("keys create --kind publishable --name web --origin https://www.example.vn")
    server = start()
    server.wait_until_live()
    from_site = {"Origin": "https://www.example.vn"}
    answer = server.client.get(PLATFORM, headers=with_key(key) | from_site)
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://www.example.vn"
    assert "Server" not in answer.headers
    before = server.client.options("/v1/events", headers=from_site)
    assert before.headers["Access-Control-Allow-Origin"] == "https://www.example.vn"


def test_a_proxy_is_believed_only_where_it_is_named(start):
    named = start(TRUSTED_PROXIES="10.0.0.0/8, 127.0.0.1", FORMS_A_MINUTE=2)
    other = start(TRUSTED_PROXIES="10.0.0.0/8", FORMS_A_MINUTE=2)

    def send(server, told: str) -> int:
        return server.client.post("/vi/start", headers={"X-Forwarded-For": told}).status_code

    for server in (named, other):
        server.wait_until_live()
    first = [send(named, "203.0.113.1") for _ in range(3)]
    assert first == [303, 303, 429]
    assert send(named, "203.0.113.2") == 303
    assert send(named, "198.51.100.7, 203.0.113.1, 10.1.2.3") == 429, (
        "what a client adds is no help"
    )
    assert [send(other, f"203.0.113.{i}") for i in range(3)] == [303, 303, 429]


def test_four_processes_on_one_database_keep_the_limit_of_a_key(start, smedx, postgresql_database):
    limit = Limit(rate=5, burst=40)
    create = f"keys create --kind secret --name load --rate {limit.rate} --burst {limit.burst}"
    headers = with_key(smedx(create, postgresql_database))
    servers = [start(HOST="0.0.0.0", DATABASE_URL=postgresql_database) for _ in range(4)]
    for server in servers:
        server.wait_for(lambda server=server: "keys" not in server.ready()[1])
    started = time.monotonic()
    # Each takes a slice before the others can have them all.
    first = [server.client.get(PLATFORM, headers=headers).status_code for server in servers]
    assert first == [200] * len(servers)
    statuses: list[list[int]] = [[] for _ in servers]

    def load(url: str, found: list[int]) -> None:
        with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
            found += [client.get(PLATFORM).status_code for _ in range(150)]

    threads = [
        threading.Thread(target=load, args=each)
        for each in zip((server.url for server in servers), statuses, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - started

    assert {status for found in statuses for status in found} == {200, 429}
    passed = len(first) + sum(found.count(200) for found in statuses)
    held = len(servers) * slice_of(limit)
    assert limit.burst - held < passed <= limit.burst + limit.rate * seconds + held
