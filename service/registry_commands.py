"""What the commands on the registry have in common: which versions there are, and refusals."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from recommender.domain import DataError, Reference, load_reference
from recommender.training.registry import Registry, RegistryError
from recommender.training.registry_history import Promotion
from service.serving import load_recommender
from service.settings import Settings

NAMED = 5
"""How many versions an error names."""


@contextmanager
def told() -> Iterator[None]:
    """Tell what the registry or the system refuses in one line."""
    try:
        yield
    except (RegistryError, OSError) as error:
        raise click.ClickException(str(error)) from error


def versions_of(registry: Registry) -> list[str]:
    """Return all versions, of which there must be one.

    Raises:
        RegistryError: If there is none.
    """
    versions = registry.versions()
    if not versions:
        raise RegistryError(f"there is no model in {registry.folder} yet: run `make train`")
    return versions


def known(registry: Registry, version: str | None) -> str:
    """Return the version if it exists.

    Raises:
        RegistryError: If it does not, naming those that do.
    """
    versions = versions_of(registry)
    if version in versions:
        return version
    newest = ", ".join(versions[: -NAMED - 1 : -1])
    more = f" and {len(versions) - NAMED} older ones" if len(versions) > NAMED else ""
    wrong = f"there is no model {version!r}" if version else "no model is in service"
    raise RegistryError(f"{wrong}; there are {newest}{more}")


def can_serve(registry: Registry, settings: Settings) -> Callable[[str], object]:
    """Return what makes sure that the service would take a model over.

    Raises:
        RegistryError: If the data tables have faults.
    """
    reference = tables(settings)
    return lambda version: load_recommender(registry, version, reference)


def tables(settings: Settings) -> Reference:
    """Return the data tables.

    Raises:
        RegistryError: If they have faults.
    """
    try:
        return load_reference(settings.data_dir)
    except DataError as error:
        raise RegistryError(
            f"the data tables have {len(error.problems)} faults, see `smedx data validate`: "
            f"{error.problems[0]}"
        ) from error


def report(done: Promotion) -> None:
    """Say what is in service now."""
    instead = f" instead of {done.previous}" if done.previous else ""
    click.echo(f"Model {done.version} is in service{instead} ({done.who}: {done.why})")
