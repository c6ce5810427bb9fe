"""With whom a business is compared: enough of the same line and size, real and simulated apart."""

import msgspec
import pytest

from recommender.domain.peers import LEAST_PEERS, Peers, PeerTable
from recommender.training.peers import peers_of
from recommender.training.registry import RegistryError
from recommender.training.snapshot import open_snapshot


@pytest.fixture
def folder_of(write_lists, tmp_path, make_profile):
    """Write a snapshot of these businesses: each is the fields in which it differs."""

    def write(name, *told):
        made = [make_profile(**fields) for fields in told]
        return write_lists(tmp_path / name, made, ["misa-meinvoice"], {0: ["misa-meinvoice"]})

    return write


def sales(*states):
    return [{"functions": {"sales": state}} for state in states]


def test_a_group_is_the_mean_of_those_that_told_and_to_whom_it_applies(folder_of, reference):
    told = sales(*["paper"] * 10, *["linked_tool"] * 10, *["not_applicable"] * 7)
    table = peers_of(open_snapshot({folder_of("one", *told): True}), reference)
    scores = reference.scores["function_state"]
    mean = round((scores["paper"] + scores["linked_tool"]) / 2)
    assert table == PeerTable(simulated=(Peers("I", "household", 27, {"sales": mean}),))


def test_a_function_of_which_too_few_told_has_no_mean(folder_of, reference):
    told = [*sales(*["paper"] * (LEAST_PEERS - 1)), {}, {}]
    (group,) = peers_of(open_snapshot({folder_of("one", *told): True}), reference).simulated
    assert (group.businesses, group.functions) == (LEAST_PEERS + 1, {})


def test_fewer_than_twenty_businesses_are_no_group(folder_of, reference):
    folder = folder_of("one", *sales(*["paper"] * (LEAST_PEERS - 1)))
    assert peers_of(open_snapshot({folder: True}), reference) == PeerTable()


def test_lines_sizes_and_kinds_are_kept_apart(folder_of, reference, monkeypatch):
    others = [{"legal_form": "enterprise", **each} for each in sales(*["linked_tool"] * 20)]
    simulated = folder_of("simulated", *sales(*["paper"] * 20), *others)
    recorded = folder_of("recorded", *sales(*["spreadsheet"] * 20))
    monkeypatch.setattr("recommender.training.snapshot._twice", lambda ids: None)
    table = peers_of(open_snapshot({simulated: True, recorded: False}), reference)
    scores = reference.scores["function_state"]
    assert [(g.size, g.functions["sales"]) for g in table.simulated] == [
        ("household", scores["paper"]),
        ("micro", scores["linked_tool"]),
    ]
    assert [(g.size, g.functions["sales"]) for g in table.recorded] == [
        ("household", scores["spreadsheet"])
    ]
    assert table.of("I", "household") == (table.recorded[0], False)
    assert table.of("I", "micro") == (table.simulated[1], True)
    assert table.of("I", "large") is None


def test_how_a_snapshot_is_cut_changes_nothing(snapshot_dir, reference):
    whole = peers_of(open_snapshot({snapshot_dir: True}), reference)
    assert whole.simulated
    assert peers_of(open_snapshot({snapshot_dir: True}, chunk=70), reference) == whole


def test_a_business_counts_once_as_it_was_seen_last(retrained, snapshot_dir, reference, tmp_path):
    import pandas as pd

    states = pd.read_parquet(snapshot_dir / "profiles.parquet")
    older = states.assign(state_id=states["business_id"] + ".1", function_sales="linked_tool")
    newer = states.assign(state_id=states["business_id"] + ".10", function_sales="not_done")
    between = states.assign(state_id=states["business_id"] + ".9", function_sales="paper")
    for name in ("exposures", "events"):
        table = pd.read_parquet(snapshot_dir / f"{name}.parquet")
        table.to_parquet(tmp_path / f"{name}.parquet")
    pd.concat([newer, older, between]).to_parquet(tmp_path / "profiles.parquet")
    table = peers_of(open_snapshot({tmp_path: True}), reference)
    assert table.simulated
    assert {group.functions["sales"] for group in table.simulated} == {
        reference.scores["function_state"]["not_done"]
    }
    assert sum(group.businesses for group in table.simulated) <= states["business_id"].nunique()


def test_peers_are_kept_with_the_model(trained, snapshot_dir, reference):
    registry, manifest = trained
    expected = peers_of(open_snapshot({snapshot_dir: True}), reference)
    assert registry.peers(manifest.version) == expected
    assert expected.simulated


def test_a_model_from_before_there_were_peers_has_nobody(in_service, trained):
    (in_service.folder / trained[1].version / "peers.json").unlink()
    assert in_service.peers(trained[1].version) == PeerTable()


@pytest.mark.parametrize("text", [b"{", b'{"simulated": 3}', b"\xff"])
def test_broken_peers_are_refused(in_service, trained, text):
    (in_service.folder / trained[1].version / "peers.json").write_bytes(text)
    with pytest.raises(RegistryError, match=r"peers .* cannot be read"):
        in_service.peers(trained[1].version)


def test_a_table_comes_back_as_it_was_written():
    table = PeerTable(recorded=(Peers("I", "micro", 20, {"sales": 40.5}),))
    assert msgspec.json.decode(msgspec.json.encode(table), type=PeerTable) == table
