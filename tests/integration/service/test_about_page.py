"""The page on ranking tells the figures of the model in service, and what it learned from."""

import json
import re

import pytest

from service.web.i18n import LANGUAGES


def text_of(client, locale):
    """Return the words of the page without its tags."""
    answer = client.get(f"/{locale}/about")
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_the_figures_are_those_of_the_manifest(api_on, models, versions, locale):
    percent = LANGUAGES[locale].percent
    manifest = models.manifest(versions[0])
    metrics = manifest.metrics
    with api_on(models) as client:
        text = text_of(client, locale)
    assert versions[0] in text
    for ranker in ("response", "logistic", "segment_popularity", "popularity"):
        found = metrics["rankers"][ranker]["reranked"]
        told = f"{percent(found['value'])} ({percent(found['low'])}–{percent(found['high'])})"
        assert told in text
    for kind in ("cold", "warm"):
        assert percent(metrics["calibration"][kind]["first5_told"]) in text
    assert LANGUAGES[locale].number(metrics["variety"]["distinct_lists"]) in text
    provider, most = max(
        metrics["exposure"]["providers"].items(), key=lambda item: item[1]["exposure"]
    )
    assert f"{provider} {percent(most['exposure'])} {percent(most['merit'])}" in text


def test_what_is_simulated_is_said(api_on, models, versions):
    with api_on(models) as client:
        assert "100% of what it learned is simulated" in text_of(client, "en")
        assert "real ones may choose differently" in text_of(client, "en")


def test_the_page_follows_the_model(api_on, models, versions):
    with api_on(models) as client:
        assert versions[0] in text_of(client, "vi")
        models.promote(versions[1], "for the test")
        client.app.dependencies["slot"].dependency().refresh()
        assert versions[1] in text_of(client, "vi")


def test_a_manifest_of_other_figures_still_tells_what_is_known(api_on, models, versions):
    path = models.folder / versions[0] / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(manifest | {"metrics": {"held_out": True}}), "utf-8")
    with api_on(models) as client:
        text = text_of(client, "en")
    assert versions[0] in text
    assert "Way of ranking" not in text


def test_what_it_was_measured_on_must_not_have_been_learned_from(api_on, models, versions):
    path = models.folder / versions[0] / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    manifest["metrics"]["held_out"] = False
    path.write_text(json.dumps(manifest), "utf-8")
    with api_on(models) as client:
        assert "Way of ranking" not in text_of(client, "en")


def test_a_manifest_that_is_gone_is_no_error(api_on, models, versions):
    with api_on(models) as client:
        (models.folder / versions[0] / "manifest.json").unlink()
        assert "cannot be read at the moment" in text_of(client, "en")
