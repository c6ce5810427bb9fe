"""Models are saved whole or not at all, and loaded only as they were saved."""

import datetime as dt
import getpass
import os
import shutil
import threading
from pathlib import Path

import joblib
import numpy as np
import pytest

from recommender.features import OneHotProfiles
from recommender.profiles import profile_row
from recommender.training import registry as registry_module
from recommender.training.registry import LIBRARIES, RegistryError

from .small_models import FACTS, files, make_model, raiser


def test_a_model_saved_and_loaded_gives_the_same_scores(registry, model, reference, make_profile):
    manifest = registry.save(model, FACTS)
    loaded, again = registry.load(manifest.version, model.encoder.schema)
    assert again == manifest
    row = profile_row("", make_profile(needs=["get-paid"]), reference)
    for in_use in ([], ["misa-cukcuk"], sorted(reference.platforms)[:7]):
        before, after = model.score(row, in_use), loaded.score(row, in_use)
        assert np.array_equal(before.scores, after.scores)
        assert np.array_equal(before.probabilities, after.probabilities)


def test_the_manifest_tells_what_was_saved(saved):
    registry, manifest = saved
    assert registry.manifest(manifest.version) == manifest
    assert manifest.ranker == "PopularityRanker"
    assert manifest.platforms == 2
    assert set(manifest.libraries) == {"python", *LIBRARIES}
    assert manifest.version.endswith(manifest.sha256[:8])
    assert manifest.metrics == FACTS["metrics"]


def test_nothing_is_in_service_before_the_first_promotion(registry):
    assert registry.current is None
    assert registry.versions() == []
    manifest = registry.save(make_model(0.5), FACTS)
    assert registry.current is None
    assert registry.versions() == [manifest.version]


def test_a_version_is_a_folder_of_two_files_beside_pointer_and_record(saved):
    registry, manifest = saved
    found = sorted(str(path.relative_to(registry.folder)) for path in files(registry))
    version = manifest.version
    files_of_version = [f"{version}/manifest.json", f"{version}/model.joblib"]
    assert found == [*files_of_version, "current", "history.jsonl"]


def test_saving_the_same_model_again_changes_nothing(saved):
    registry, manifest = saved
    before = files(registry)
    again = registry.save(make_model(0.1, 0.7), FACTS)
    assert again.sha256 == manifest.sha256
    assert before.items() <= files(registry).items()


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_changed_byte_is_refused_with_the_checksum(saved, place):
    registry, manifest = saved
    path = registry.folder / manifest.version / "model.joblib"
    data = bytearray(path.read_bytes())
    data[place] ^= 1
    path.write_bytes(data)
    with pytest.raises(RegistryError, match="does not match the checksum"):
        registry.load(manifest.version, manifest.schema)


def test_a_changed_artefact_is_never_opened(saved, monkeypatch):
    registry, manifest = saved
    path = registry.folder / manifest.version / "model.joblib"
    path.write_bytes(path.read_bytes() + b"x")
    monkeypatch.setattr(joblib, "load", lambda *_: pytest.fail("the artefact was opened"))
    with pytest.raises(RegistryError):
        registry.load(manifest.version, manifest.schema)


@pytest.mark.parametrize(
    ("name", "complaint"), [("model.joblib", "cannot be read"), ("manifest.json", "no model")]
)
def test_a_missing_file_is_told(saved, name, complaint):
    registry, manifest = saved
    (registry.folder / manifest.version / name).unlink()
    with pytest.raises(RegistryError, match=f"{complaint}.*|.*{manifest.version}.*{complaint}"):
        registry.load(manifest.version, manifest.schema)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"version": "a"}', b"\xff\xfe", b'"\xff"'])
def test_a_broken_manifest_is_told(saved, content):
    registry, manifest = saved
    (registry.folder / manifest.version / "manifest.json").write_bytes(content)
    with pytest.raises(RegistryError, match=f"manifest of model {manifest.version} is broken"):
        registry.load(manifest.version, manifest.schema)


@pytest.mark.parametrize("library", ["python", *LIBRARIES])
def test_a_model_of_another_library_version_is_refused(saved, monkeypatch, library):
    registry, manifest = saved
    installed = manifest.libraries | {library: "0.0.1"}
    monkeypatch.setattr(registry_module, "_libraries", lambda: installed)
    with pytest.raises(RegistryError, match=r"0\.0\.1.*train again"):
        registry.load(manifest.version, manifest.schema)


def test_a_model_for_other_feature_columns_is_refused(saved):
    registry, manifest = saved
    other = OneHotProfiles({"colour": ["red", "blue"]}).schema
    with pytest.raises(RegistryError, match=f"other feature columns.*{other}.*train again"):
        registry.load(manifest.version, other)


OUTSIDE = ["", ".", "..", "../outside", "a/b", "/etc", ".hidden", "a\0b", "a\\b", "a b", "�"]


@pytest.mark.parametrize("version", OUTSIDE)
def test_a_name_that_leads_out_of_the_registry_is_refused(saved, version):
    registry, manifest = saved
    shutil.copytree(registry.folder / manifest.version, registry.folder.parent / "outside")
    for use in (registry.manifest, registry.promote, lambda name: registry.load(name, "")):
        with pytest.raises(RegistryError, match="is not the name of a model"):
            use(version)
    assert registry.current == manifest.version


@pytest.mark.parametrize("version", ["20260101T000000Z-00000000", "current"])
def test_a_version_that_does_not_exist_cannot_be_put_into_service(saved, version):
    registry, manifest = saved
    with pytest.raises(RegistryError, match=f"there is no model {version}"):
        registry.promote(version)
    assert registry.current == manifest.version


def test_an_earlier_version_can_be_put_back_into_service(saved):
    registry, first = saved
    second = registry.save(make_model(0.9, 0.2), FACTS)
    registry.promote(second.version)
    assert registry.current == second.version
    registry.promote(first.version)
    assert registry.current == first.version
    assert registry.versions() == sorted([first.version, second.version])


def test_readers_see_one_version_or_the_other_at_every_moment(saved):
    registry, first = saved
    second = registry.save(make_model(0.9, 0.2), FACTS)
    seen, begun, done = set(), threading.Event(), threading.Event()

    def read():
        while not done.is_set():
            seen.add(registry.current)
            begun.set()

    reader = threading.Thread(target=read)
    reader.start()
    begun.wait()
    for _ in range(150):
        registry.promote(second.version)
        registry.promote(first.version)
    done.set()
    reader.join()
    assert seen == {first.version, second.version}
    left = {path.name for path in registry.folder.iterdir()}
    assert left == {"current", "history.jsonl", first.version, second.version}


def test_a_pointer_with_bytes_that_are_no_text_points_at_no_model(saved):
    registry, manifest = saved
    (registry.folder / "current").write_bytes(b"\xff\xfe\n")
    with pytest.raises(RegistryError, match="is not the name of a model"):
        registry.load(registry.current, manifest.schema)


@pytest.mark.parametrize(
    ("error", "told"),
    [(OSError("no space left"), RegistryError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_a_failed_save_leaves_nothing_behind(saved, monkeypatch, error, told):
    registry, _ = saved
    before = files(registry)

    def fail(_, path):
        path.write_bytes(b"half a model")
        raise error

    monkeypatch.setattr(joblib, "dump", fail)
    with pytest.raises(told):
        registry.save(make_model(0.3), FACTS)
    assert files(registry) == before
    assert len(list(registry.folder.iterdir())) == 3


def test_a_manifest_that_cannot_be_written_leaves_nothing_behind(saved):
    registry, _ = saved
    before = files(registry)
    with pytest.raises(TypeError):
        registry.save(make_model(0.3), FACTS | {"metrics": {"best": object()}})
    assert files(registry) == before
    assert len(list(registry.folder.iterdir())) == 3


def test_a_save_still_going_on_is_no_version(saved, monkeypatch):
    registry, manifest = saved
    seen, dump = [], joblib.dump

    def look(model, path):
        dump(model, path)
        seen.append(registry.versions())

    monkeypatch.setattr(joblib, "dump", look)
    registry.save(make_model(0.3), FACTS)
    assert seen == [[manifest.version]]


def moves(registry):
    return [(line.previous, line.version) for line in registry.history.read()]


def test_the_record_tells_when_what_instead_of_what_who_and_why(saved):
    registry, first = saved
    second = registry.save(make_model(0.9, 0.2), FACTS)
    returned = registry.promote(second.version, "measured\nbetter", "Lan \udcff")
    trained, line = registry.history.read()
    assert line == returned
    assert (line.previous, line.version) == (first.version, second.version)
    assert (line.who, line.why) == ("Lan ?", "measured\nbetter")
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - line.at < dt.timedelta(minutes=1)
    assert (trained.previous, trained.version) == (None, first.version)
    assert (trained.who, trained.why) == (getpass.getuser(), "trained")


@pytest.mark.parametrize("error", [KeyError("uid"), OSError("no such user")])
def test_a_user_without_a_name_is_recorded_by_number(saved, monkeypatch, error):
    monkeypatch.setattr(getpass, "getuser", raiser(error))
    registry, _ = saved
    registry.promote(registry.save(make_model(0.9, 0.2), FACTS).version)
    assert registry.history.read()[-1].who == f"uid {os.getuid()}"


def test_a_rollback_goes_back_by_time_of_service_and_a_second_one_undoes_it(three):
    registry, (first, second, third) = three
    registry.promote(first)
    assert registry.before == third
    assert registry.rollback("slow").version == registry.current == third
    assert registry.rollback("faster than thought").version == registry.current == first
    assert moves(registry)[-3:] == [(third, first), (first, third), (third, first)]
    assert second in registry.versions()


def test_a_check_that_refuses_leaves_pointer_and_record(three):
    registry, (first, second, _) = three
    before, asked = files(registry), []

    def refuse(version):
        asked.append(version)
        raise RegistryError("not this one")

    with pytest.raises(RegistryError, match="not this one"):
        registry.promote(first, check=refuse)
    with pytest.raises(RegistryError, match="not this one"):
        registry.rollback("x", check=refuse)
    assert asked == [first, second]
    assert files(registry) == before


def test_a_crash_between_record_and_pointer_loses_nothing(three, monkeypatch):
    registry, (first, second, third) = three
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", raiser(SystemExit()))
        with pytest.raises(SystemExit):
            registry.promote(first)
    assert moves(registry)[-1] == (third, first)
    assert (registry.current, registry.before) == (third, second)
    registry.rollback("still possible")
    assert (registry.current, registry.before) == (second, third)
    assert moves(registry)[-1] == (third, second)


def test_if_the_record_cannot_be_written_the_pointer_stays(three, monkeypatch):
    registry, (first, *_) = three
    before = files(registry)
    with monkeypatch.context() as patch:
        patch.setattr(registry.history, "append", raiser(OSError("full")))
        with pytest.raises(OSError, match="full"):
            registry.promote(first)
    assert files(registry) == before


@pytest.mark.parametrize("torn", [b'{"at":"2026-', b"\xff", b'{"version":"a"}'])
def test_half_a_line_in_the_record_does_not_spoil_the_next_one(three, torn):
    registry, (first, _, third) = three
    whole = moves(registry)
    with registry.history.path.open("ab") as file:
        file.write(torn)
    assert moves(registry) == whole
    registry.promote(first)
    assert moves(registry) == [*whole, (third, first)]
    assert registry.before == third


def test_pruning_keeps_the_newest_the_one_in_service_and_the_one_before(three):
    registry, (first, second, third) = three
    fourth = "20990101T000003Z-00000000"
    shutil.copytree(registry.folder / third, registry.folder / fourth)
    registry.promote(first)  # after the third one
    size = sum(path.stat().st_size for path in (registry.folder / second).iterdir())
    before = files(registry)
    assert registry.prune(5) == {}
    assert registry.prune(1, dry_run=True) == {second: size}
    assert files(registry) == before
    assert registry.prune(1) == {second: size}
    assert registry.versions() == [first, third, fourth]
    assert list(registry.prune(0)) == [fourth]
    assert registry.versions() == [first, third]
    assert (registry.current, registry.before) == (first, third)


def test_a_removal_that_was_interrupted_is_out_of_sight_and_done_next_time(three, monkeypatch):
    registry, (first, second, third) = three
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", raiser(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            registry.prune(0)
    assert registry.versions() == [second, third]
    assert (registry.folder / f".removing-{first}").exists()
    assert registry.prune(0) == {}
    left = {path.name for path in registry.folder.iterdir()}
    assert left == {"current", "history.jsonl", second, third}


def test_what_is_in_service_is_known_bit_for_bit(saved):
    registry, manifest = saved
    assert registry.in_service_already(make_model(0.1, 0.7)) == manifest
    assert registry.in_service_already(make_model(0.1, 0.7000001)) is None


@pytest.mark.parametrize("spoil", ["model", "libraries", "pointer"])
def test_what_could_not_serve_is_not_in_service_already(saved, spoil, monkeypatch):
    """So that the same model is saved again: this one can be loaded."""
    registry, manifest = saved
    if spoil == "model":
        (registry.folder / manifest.version / "model.joblib").write_bytes(b"broken")
    elif spoil == "libraries":
        monkeypatch.setattr(registry_module, "_libraries", lambda: {"python": "2.7"})
    else:
        (registry.folder / "current").unlink()
    assert registry.in_service_already(make_model(0.1, 0.7)) is None
