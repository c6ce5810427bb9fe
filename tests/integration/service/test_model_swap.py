"""A model is taken into service without a restart and without a failed request."""

from service.settings import Settings

from .load import CLIENTS, PROMISED, TAKE_OVER, load_on


def test_models_are_swapped_under_load_without_a_failed_request(
    start, models, train_on, restaurant
):
    server = start()
    server.wait_until_live()
    versions = [models.current]
    with load_on(server, [restaurant] * CLIENTS) as load:
        server.wait_for(lambda: load.all_are_served(versions[0]))
        for businesses in (40, 44, 48):
            versions.append(train_on(models, businesses).version)
            server.wait_for(lambda: load.all_are_served(versions[-1]))

    assert load.failures == []
    assert len(set(versions)) == 4
    assert load.in_turn() == [versions] * CLIENTS
    assert server.client.get("/health/live").json()["model"] == versions[-1]
    assert server.ready() == (200, "")


def test_promotion_and_rollback_take_effect_under_load_without_a_failed_request(
    start, models, versions, smedx, restaurant, record_property
):
    first, second, third = versions
    damaged = models.folder / third / "model.joblib"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    server = start(MODEL_POLL_SECONDS=Settings().model_poll_seconds)
    server.wait_until_live()
    seconds = []
    # The pauses leave some of a small machine to the commands.
    with load_on(server, [restaurant] * CLIENTS, pause=0.05) as load:
        server.wait_for(lambda: load.all_are_served(first))
        steps = (
            ("promote", (second, "--why", "better", "--who", "Lan"), first, second),
            ("rollback", ("--why", "it was not"), second, first),
        ) * 2
        for command, words, before, after in steps:
            done = smedx("models", command, *words)
            assert done.returncode == 0, done.stderr
            assert models.current == after
            server.wait_for(lambda after=after: load.all_are_served(after))
            moved = (models.folder / "current").stat().st_mtime
            seconds.append(load.last_of(before) - moved)
        refused = smedx("models", "promote", third, "--why", "newer")
        assert (refused.returncode, models.current) == (1, first)
        assert f"model {third} does not match the checksum" in refused.stderr

    assert load.failures == []
    assert load.in_turn() == [[first, second, first, second, first]] * CLIENTS
    assert sum(map(len, load.answers)) > 100
    assert [(line.version, line.why) for line in models.history.read()[-2:]] == [
        (second, "better"),
        (first, "it was not"),
    ]
    assert server.ready() == (200, "")
    told = ", ".join(f"{took:.2f}" for took in seconds)
    record_property("seconds", told)
    print(f"the last answers of the models before came {told} s later")
    assert max(seconds) < TAKE_OVER
    assert min(seconds) < PROMISED
