"""The machine: Python, libraries, room on the disks, and whether traces can be sent."""

import os
import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from recommender.domain import Reference
from recommender.training.registry import LIBRARIES
from service.doctor.finding import Finding, failed, passed, warned
from service.settings import Settings
from service.telemetry.tracing import TracingError, asked_for, make_tracing

DISTRIBUTION = "smedx"
GIGABYTE = 1_000_000_000
LITTLE, TOO_LITTLE = 2 * GIGABYTE, GIGABYTE // 5
"""Room below which a training may not fit, and below which the database may soon not."""


def check_python(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Tell which Python this is."""
    yield passed("python", f"{platform.python_implementation()} {platform.python_version()}")


def check_libraries(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Compare what is installed with what is asked for."""
    again = "install again: `make run`, or pip install --require-hashes -r requirements.txt"
    try:
        asked = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        yield warned("libraries", "this runs from a folder that is not installed", again)
        return
    wrong = []
    for each in asked:
        if each.marker is not None and not each.marker.evaluate({"extra": ""}):
            continue
        try:
            found = version(each.name)
        except PackageNotFoundError:
            wrong.append(f"{each.name} is missing")
            continue
        if not each.specifier.contains(found, prereleases=True):
            wrong.append(f"{each.name} is {found}, expected {each.specifier}")
    if wrong:
        yield failed("libraries", "; ".join(wrong), again)
    else:
        yield passed("libraries", ", ".join(f"{name} {version(name)}" for name in LIBRARIES))


def check_disk(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Look for room where the database, models and simulated data are."""
    folders = {"models": settings.models_dir, "simulated data": settings.simulated_dir}
    try:
        url = make_url(settings.database_url)
    except ArgumentError:  # told by the check of the database
        url = None
    if url is not None and url.get_backend_name() == "sqlite" and url.database:
        folders["database"] = Path(url.database).parent
    for name, folder in folders.items():
        check, place = f"room for {name}", nearest(folder)
        free = shutil.disk_usage(place).free
        told = f"{free / GIGABYTE:,.1f} GB are free in {place}"
        if not os.access(place, os.W_OK):
            todo = "see who owns it, and as whom this runs"
            yield failed(check, f"{place} cannot be written to", todo)
        elif free < TOO_LITTLE:
            yield failed(check, told, "make room now: writes will fail")
        elif free < LITTLE:
            yield warned(check, told, "make room: `smedx models prune` removes old models")
        else:
            yield passed(check, told)


def check_tracing(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Look whether traces that are asked for can be made."""
    variable = asked_for()
    if variable is None:
        yield passed("tracing", "off: no OTEL_ variable asks for it")
        return
    try:
        make_tracing().close()
    except TracingError as error:
        yield warned("tracing", f"there are no traces: {error}", "do so, or unset the variable")
    else:
        yield passed("tracing", f"on, as {variable} says")


def nearest(folder: Path) -> Path:
    """Return a folder, or the nearest one above it that is there."""
    folder = folder.absolute()
    return next(place for place in (folder, *folder.parents) if place.is_dir())
