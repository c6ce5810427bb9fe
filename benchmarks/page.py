"""Documents that several commands write a part of each."""

import re
from pathlib import Path


def write_part(name: str, heading: str, text: str) -> None:
    """Put a text in the place of what stands below a second-level heading of a document here.

    Args:
        name: The document; it exists.
        heading: The heading, without its marks; it exists.
        text: Markdown.
    """
    path = Path(__file__).with_name(name)
    part = re.compile(rf"(?<=^## {re.escape(heading)}\n).*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    before = path.read_text("utf-8")
    if not part.search(before):
        raise ValueError(f"{name} has no heading {heading!r}")
    path.write_text(part.sub(lambda _: f"\n{text}\n\n", before).rstrip() + "\n", "utf-8")
