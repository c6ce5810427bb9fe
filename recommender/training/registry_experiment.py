"""The experiment that runs: which model is compared with the one in service, on whom, and why."""

import datetime as dt
import hashlib
import secrets
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from recommender.domain.engagement import Identifier
from recommender.evaluation.comparison import Arm, Comparison, Plan
from recommender.training.registry import EXPERIMENT, Check, Registry, RegistryError
from recommender.training.registry_record import Record, named, sync, utf8, written_beside


class Arms(Struct, frozen=True, forbid_unknown_fields=True):
    """The versions that are compared; control is the one in service."""

    control: Identifier
    treatment: Identifier


class Experiment(Plan, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is compared, and all that was decided before.

    Attributes:
        id: Of the experiment.
        started_at: Who was known before does not count.
        arms: The models.
        who: Began it.
        why: They did.
        least_days: Only in files from before businesses were followed, and without a meaning now:
            one that runs is counted as all others are, for the `follow_days` that hold unless
            something else is asked for.
    """

    id: Identifier
    started_at: Annotated[dt.datetime, Meta(tz=True)]
    arms: Arms
    who: str
    why: str
    least_days: float | UnsetType = UNSET

    def arm_of(self, business: str) -> Arm:
        """Return the arm of a business: always the same, and by chance for one not seen before.

        Args:
            business: What it is known by.
        """
        digest = hashlib.blake2b(business.encode(), key=self.id.encode(), digest_size=8).digest()
        return "treatment" if int.from_bytes(digest) < self.share * 2**64 else "control"

    def recorded_as(self, arm: Arm) -> str:
        """Return what exposures record: the arm, and of which experiment."""
        return f"{self.id}/{arm}"

    def days(self, at: dt.datetime) -> float:
        """Return the days from the start to a time."""
        return (at - self.started_at) / dt.timedelta(days=1)


class Ended(Struct, frozen=True, kw_only=True):
    """One line of the record: an experiment, and what it told when it ended."""

    experiment: Experiment
    ended_at: dt.datetime
    who: str
    why: str
    comparison: Comparison


class Experiments:
    """The experiments of a registry, of which one runs at a time.

    The file `experiment.json` is there while one runs; `experiments.jsonl` has a line of JSON for
    each that ended. While one runs, the registry puts no other model into service.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._path = registry.folder / EXPERIMENT
        self._record = Record(registry.folder / "experiments.jsonl", Ended)

    @property
    def running(self) -> Experiment | None:
        """The experiment that runs, or None.

        Raises:
            RegistryError: If its file cannot be read.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Experiment)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RegistryError(f"{self._path} cannot be read: {error.strerror}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RegistryError(
                f"{self._path} is broken ({error}): mend it, or delete it to end the experiment"
            ) from error

    def ended(self) -> list[Ended]:
        """Return what the record tells, oldest first.

        One that still runs is left out: it was not ended after all.

        Raises:
            RegistryError: If the file of the one that runs cannot be read.
        """
        running = self.running
        found = {line.experiment.id: line for line in self._record.read()}
        return [line for id_, line in found.items() if running is None or id_ != running.id]

    def start(
        self,
        treatment: str,
        plan: Plan,
        why: str,
        who: str | None = None,
        check: Check | None = None,
    ) -> Experiment:
        """Compare a model with the one in service from now on.

        Args:
            treatment: Which model.
            plan: What is decided before.
            why: What the record says of the reason.
            who: What the record says of the person; the login name where left out.
            check: Asked first whether the model can serve; what it raises leaves all as it is.

        Raises:
            RegistryError: If one runs already, there is no such model, no other one is in service,
                there is no reason, or the plan cannot be.
        """
        registry = self._registry
        registry.manifest(treatment)
        if not why.strip():
            raise RegistryError("an experiment needs a reason")
        if plan.follow_days >= plan.most_days:
            raise RegistryError(
                f"follow businesses for less than the {plan.most_days:g} days that the experiment "
                f"runs at most: in {plan.follow_days:g} days none would count"
            )
        with registry.history.locked():
            if running := self.running:
                raise RegistryError(
                    f"experiment {running.id} compares {running.arms.control} with "
                    f"{running.arms.treatment}: stop it first"
                )
            control = registry.current
            if control is None:
                raise RegistryError("no model is in service")
            if control == treatment:
                raise RegistryError(f"model {treatment} is in service: name another one")
            if check:
                check(treatment)
            facts = msgspec.to_builtins(plan) | {
                "id": secrets.token_hex(4),
                "started_at": dt.datetime.now(dt.UTC),
                "arms": {"control": control, "treatment": treatment},
                "who": named(who),
                "why": utf8(why),
            }
            try:
                experiment = msgspec.convert(facts, Experiment)
            except msgspec.ValidationError as error:
                raise RegistryError(f"there cannot be such an experiment: {error}") from error
            content = msgspec.json.format(msgspec.json.encode(experiment), indent=2)
            with written_beside(self._path, content) as draft:
                draft.replace(self._path)
                sync(registry.folder)
        return experiment

    def end(
        self, experiment: Experiment, comparison: Comparison, why: str, who: str | None = None
    ) -> Ended:
        """Let the model in service answer everybody again, and record what was told.

        Args:
            experiment: The one that runs.
            comparison: What it told.
            why: As in `start`.
            who: As in `start`.

        Raises:
            RegistryError: If it does not run (any more), or there is no reason.
        """
        if not why.strip():
            raise RegistryError("the end of an experiment needs a reason")
        with self._registry.history.locked():
            if self.running != experiment:
                raise RegistryError(f"experiment {experiment.id} does not run any more")
            ended = Ended(
                experiment=experiment,
                ended_at=dt.datetime.now(dt.UTC),
                who=named(who),
                why=utf8(why),
                comparison=comparison,
            )
            # First the record: a crash between the two loses nothing, as it can be ended again.
            self._record.append(ended)
            self._path.unlink()
            sync(self._registry.folder)
        return ended
