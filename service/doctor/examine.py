"""All checks, one after the other: what one cannot do does not end the others."""

from collections.abc import Iterator

from recommender.domain import DataError, Reference, load_reference
from service.doctor.database import check_database
from service.doctor.finding import Check, Finding, failed, passed
from service.doctor.machine import check_disk, check_libraries, check_python, check_tracing
from service.doctor.models import check_experiment, check_models, check_simulated
from service.doctor.operator import check_operator
from service.doctor.port import check_port
from service.settings import Settings

CHECKS: tuple[Check, ...] = (
    check_python,
    check_libraries,
    check_disk,
    check_database,
    check_models,
    check_experiment,
    check_simulated,
    check_port,
    check_operator,
    check_tracing,
)


def examine(settings: Settings) -> Iterator[Finding]:
    """Yield what every check finds."""
    reference: Reference | None = None
    try:
        reference = load_reference(settings.data_dir)
    except DataError as error:
        told = f"{len(error.problems)} faults, the first: {error.problems[0]}"
        yield failed("data tables", told, "`smedx data validate` names each; mend them")
    except OSError as error:
        yield failed("data tables", str(error), f"see who may read DATA_DIR ({settings.data_dir})")
    else:
        yield passed("data tables", f"sound ({reference.version[:12]}), in {settings.data_dir}")
    for check in CHECKS:
        try:
            yield from check(settings, reference)
        except Exception as error:
            name = check.__name__.removeprefix("check_")
            yield failed(
                name, f"the check itself failed: {error!r}", "tell those who maintain this"
            )
