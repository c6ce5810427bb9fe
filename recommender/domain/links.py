"""How categories hang together: what needs what before it, what takes over, what connects."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Annotated, Literal

from msgspec import Meta

from recommender.domain.business import LegalForm
from recommender.domain.tables import Bilingual

Kind = Literal["needs", "replaces", "connects"]


class CategoryLink(Bilingual, frozen=True):
    """One relation of a category to others, and why in a sentence.

    Attributes:
        kind: "needs": one of the others has to be there before it; "replaces": it does the work of
            each of the others, too; "connects": it is of more use where it is linked with them.
        legal_forms: For whom it holds; empty for everybody.
    """

    kind: Kind
    category: str
    others: Annotated[tuple[str, ...], Meta(min_length=1)]
    legal_forms: tuple[LegalForm, ...]
    text_en: Annotated[str, Meta(min_length=1)]
    text_vi: Annotated[str, Meta(min_length=1)]

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What no other link has."""
        return self.kind, self.category, self.others


@dataclass(frozen=True)
class CategoryLinks:
    """All links, in the order of the file."""

    rows: tuple[CategoryLink, ...]

    def needs(self, category: str, legal_form: LegalForm) -> tuple[CategoryLink, ...]:
        """Return what has to be there before a category, for businesses of a legal form."""
        return tuple(
            link
            for link in self._of("needs").get(category, ())
            if not link.legal_forms or legal_form in link.legal_forms
        )

    def replaces(self, category: str) -> dict[str, CategoryLink]:
        """Return the categories whose work a category does, too."""
        return {
            other: link for link in self._of("replaces").get(category, ()) for other in link.others
        }

    def connects(self, category: str) -> dict[str, CategoryLink]:
        """Return the categories that a category is linked with, told from either side."""
        found = {
            other: link for link in self._of("connects").get(category, ()) for other in link.others
        }
        for link in self.rows:
            if link.kind == "connects" and category in link.others:
                found.setdefault(link.category, link)
        return found

    def circle(self) -> tuple[str, ...]:
        """Return categories of which each needs the next before it, back to the first, if any.

        Where one of several will do, each of them counts.
        """
        graph: dict[str, set[str]] = {}
        for link in self.rows:
            if link.kind == "needs":
                graph.setdefault(link.category, set()).update(link.others)
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            return tuple(reversed(error.args[1]))
        return ()

    def _of(self, kind: Kind) -> Mapping[str, tuple[CategoryLink, ...]]:
        return self._by_kind[kind]

    @cached_property
    def _by_kind(self) -> dict[Kind, dict[str, tuple[CategoryLink, ...]]]:
        kinds: tuple[Kind, ...] = ("needs", "replaces", "connects")
        return {
            kind: _by_category(link for link in self.rows if link.kind == kind) for kind in kinds
        }


def _by_category(links: Iterable[CategoryLink]) -> dict[str, tuple[CategoryLink, ...]]:
    found: dict[str, tuple[CategoryLink, ...]] = {}
    for link in links:
        found[link.category] = (*found.get(link.category, ()), link)
    return found
