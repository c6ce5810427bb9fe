"""The report of a model: one page that opens offline and hides nothing."""

import base64
import dataclasses
import html
import io
import re
from html.parser import HTMLParser

import msgspec
import numpy as np
import pytest
from matplotlib.image import imread

from recommender.training.layout import layout_of, made_for_of
from recommender.training.learning import learn
from recommender.training.report import Example, examples, render_report
from recommender.training.report.examples import EACH
from recommender.training.snapshot import open_snapshot

EVIL = "<script>alert(1)</script> & $x_$"
NOBODY = ([], [])


class Page(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, content):
        super().__init__()
        self.elements, self.text = [], ""
        self.source = content.decode()
        self.feed(self.source)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def first(trained):
    """The page of a model that was trained while none was in service."""
    registry, manifest = trained
    return Page((registry.folder / manifest.version / "report.html").read_bytes())


@pytest.fixture(scope="module")
def second(retrained):
    """The page of a model that was trained while another one was in service."""
    registry, manifest = retrained
    return Page((registry.folder / manifest.version / "report.html").read_bytes())


@pytest.fixture(params=["first", "second"])
def page(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def render(trained, reference):
    """Render the page of the first model with parts of its manifest changed."""
    _, manifest = trained

    def make(examples=NOBODY, **metrics):
        changed = msgspec.structs.replace(manifest, metrics=manifest.metrics | metrics)
        return Page(render_report(changed, reference, b"\x89PNG", examples))

    return make


def test_it_opens_offline(page):
    assert "http:" not in page.source
    assert "https:" not in page.source
    assert not {"script", "link", "iframe", "object", "embed"} & {tag for tag, _ in page.elements}
    assert not re.search(r"url\(|@import", page.source)
    for _, attributes in page.elements:
        assert not {"href", "srcset", "onload", "onclick"} & attributes.keys()


def test_all_pictures_are_inside_and_tell_in_words_what_they_show(page):
    pictures = page.all("img")
    assert len(pictures) == (6 if "Moved beyond chance" in page.text else 5)
    for picture in pictures:
        kind, _, data = picture["src"].partition("base64,")
        assert kind == "data:image/png;"
        assert imread(io.BytesIO(base64.b64decode(data))).shape[0] > 100
        assert picture["alt"]


@pytest.mark.parametrize("which", ["trained", "retrained"])
def test_every_check_is_named_with_what_was_found(which, request):
    registry, manifest = request.getfixturevalue(which)
    page = Page((registry.folder / manifest.version / "report.html").read_bytes())
    gate = manifest.metrics["gate"]
    assert len(gate["checks"]) > 5
    for check in gate["checks"]:
        assert f"{check['name']}{check['verdict'].upper()}{check['told']}" in page.text
    for check in manifest.metrics["checks"]:
        assert check["name"] in page.text
        assert check["found"] in page.text
    assert f"The gate says: {gate['decision']}." in page.text


def test_it_says_that_what_it_rests_on_is_simulated(first, second, retrained):
    assert "all of their weight is simulated" in first.text
    share = retrained[1].simulated_share
    assert 0.5 < share < 0.995
    assert f"{100 * share:.1f} % of their weight is simulated" in second.text
    assert "all of their weight" not in second.text


def test_where_all_is_recorded_nothing_is_called_simulated(trained, reference):
    manifest = msgspec.structs.replace(trained[1], simulated_share=0.0)
    page = Page(render_report(manifest, reference, b"", NOBODY))
    assert "all of them recorded" in page.text
    assert "is simulated" not in page.text


def test_without_a_model_in_service_it_says_so(first):
    assert "The model in service: no model is in service." in first.text
    assert "difference to popularity by segment, as no model is in service" in first.text
    assert "There is nothing to compare with" in first.text
    assert "No slot that was drawn by chance is recorded" in first.text


def test_with_a_model_in_service_it_is_compared_with_it(second, trained, retrained):
    version = trained[1].version
    assert f"The model in service: {version}, its ranker and parameters" in second.text
    assert "The difference to the model in service" in second.text
    assert "Against what the model in service learned from" in second.text
    assert "From 12 slots that were drawn by chance" in second.text
    warning = retrained[1].metrics["off_policy"]["warnings"][0]
    assert "Not to be believed:" in second.text
    assert warning in second.text


def test_the_model_card_tells_what_it_was_made_of(second, retrained):
    _, manifest = retrained
    for told in (
        manifest.version,
        manifest.data_sha256,
        manifest.sha256,
        manifest.metrics["shown"]["recorded"][1][:16],
        "680 businesses",
        "the best of 24 configurations",
        *(f"{name} {version}" for name, version in manifest.libraries.items()),
    ):
        assert told in second.text
    for name in manifest.metrics["rankers"]:
        assert name.replace("_", " ") in second.text


def test_fields_that_moved_beyond_chance_are_named(render):
    moved = {"distance": 0.3, "chance": 0.1}
    still = {"distance": 0.05, "chance": 0.1}
    page = render(drift={"sector": moved, "legal_form": moved, "size": still})
    assert "Moved beyond chance: sector, legal form." in page.text
    assert "Moved beyond chance: nothing." in render(drift={"size": still}).text


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ("ship", "Nothing speaks against putting it into service."),
        ("hold", "It is not sure to be as good as what it is compared with."),
        ("reject", "Something is wrong with it."),
    ],
)
def test_the_decision_is_told_in_words(render, decision, words):
    page = render(gate={"decision": decision, "checks": []})
    assert f"The gate says: {decision}. {words} Whether it is in service, smedx" in page.text
    assert "put into service" not in page.text  # nobody knows yet when it is written
    assert {"class": f"decision {decision}"} in page.all("p")


def test_names_from_data_are_text_and_nothing_else(render, trained):
    """In the page as in the pictures, whatever a catalogue or a snapshot holds."""
    exposure = trained[1].metrics["exposure"]
    providers = {EVIL: {"exposure": 0.5, "merit": 0.5}, "$": {"exposure": 0.5, "merit": 0.5}}
    checks = [{"name": "events are of known kinds", "passed": False, "found": EVIL}]
    example = Example(EVIL, EVIL, 0.25, (EVIL,), None)
    page = render(
        ([example], [example]), exposure=exposure | {"providers": providers}, checks=checks
    )
    assert "script" not in {tag for tag, _ in page.elements}
    assert page.source.count(html.escape(EVIL)) == 7
    assert f"{EVIL}: told 25.0 %, not shown to it" in page.text


def test_the_same_manifest_gives_the_same_bytes(trained, reference):
    _, manifest = trained
    one, other = (render_report(manifest, reference, b"", NOBODY) for _ in range(2))
    assert one == other


@pytest.fixture(scope="module")
def told(model, snapshot_dir, reference):
    layout = layout_of(reference)
    test = learn(open_snapshot({snapshot_dir: True}), layout)[0].test
    return examples(model, test, made_for_of(layout, reference), reference), test


def test_the_surest_have_the_highest_probability(told):
    (surest, least), _ = told
    assert len(surest) == len(least) == EACH
    chances = [each.probability for each in surest]
    assert chances == sorted(chances, reverse=True)
    assert all(0 <= each.probability <= chances[-1] <= 1 for each in least)


def test_the_least_sure_are_told_what_anybody_would_be_told(told, model, reference):
    """Not the lowest: that few businesses of some kind take up a platform may be known for sure."""
    (_, least), test = told
    means = model.ranker.score(test.profiles, test.used).mean(axis=0)
    number = {reference.platforms[id_].name: place for place, id_ in enumerate(model.platforms)}
    for each in least:
        mean = means[[number[each.platform]]]
        anybody = model.calibration(mean, "Uses: nothing" not in each.answers)[0]
        assert each.probability == pytest.approx(anybody, abs=0.02)


def test_each_example_tells_the_answers_the_platform_and_why(told, reference, model):
    (surest, least), _ = told
    names = {platform.name for platform in reference.platforms.values()}
    for each in (*surest, *least):
        assert each.platform in names
        assert re.match(r"Sector: [A-Z][a-z ,;]+\. Size: [A-Z]", each.answers)
        assert re.search(r"\. Uses: [A-Za-z]", each.answers)
        assert not re.search(r" x |_|: [A-Z0-9]{1,2}\.|: [a-z]+-[a-z]+", each.answers)  # a code
        assert each.reasons


def test_what_recorded_businesses_told_is_no_example(told, model, reference):
    _, test = told
    made_for = made_for_of(layout_of(reference), reference)
    for number in (1, 0):
        simulated = np.arange(len(test)) < number
        some = examples(model, dataclasses.replace(test, simulated=simulated), made_for, reference)
        assert [len(each) for each in some] == [number, number]


def test_whether_it_was_adopted_is_told_only_where_it_was_shown(told, model, reference):
    _, test = told
    made_for = made_for_of(layout_of(reference), reference)

    def chosen(**fields):
        found = examples(model, dataclasses.replace(test, **fields), made_for, reference)
        return {each.chosen for some in found for each in some}

    nothing = type(test.examined)(test.examined.shape)
    everything = type(test.examined)(np.ones(test.examined.shape))
    assert chosen(examined=nothing) == {None}
    assert chosen(examined=everything, chosen=everything) == {True}
    assert chosen(examined=everything, chosen=nothing) == {False}
