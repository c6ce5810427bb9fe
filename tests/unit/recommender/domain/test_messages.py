"""Texts with places that values are filled into, in the reader's language."""

import pytest


@pytest.mark.parametrize(("locale", "count"), [("vi", "1.234.567"), ("en", "1,234,567")])
def test_a_whole_number_is_written_as_the_reader_writes_it(reference, locale, count):
    for name in ("peers_simulated", "peers_recorded"):
        note = reference.messages.notes[name]
        said = note.say(locale, businesses=1_234_567, sector="<sector>", size="<size>")
        assert f" {count} " in said
        assert "<sector>" in said
        assert "<size>" in said
