"""The registry: one folder for each trained model, and a pointer to the one in service."""

import datetime as dt
import fcntl
import hashlib
import io
import platform
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import joblib
import msgspec

from recommender.domain.engagement import Identifier
from recommender.domain.peers import PeerTable
from recommender.model import Model
from recommender.training.registry_history import History, Promotion
from recommender.training.registry_record import sync

LIBRARIES = ("numpy", "scipy", "scikit-learn", "joblib")

EXPERIMENT = "experiment.json"
"""The file that is there while a model is compared with the one in service."""

PEERS = "peers.json"
"""The file beside a model that tells with whom businesses are compared."""

NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")

Check = Callable[[str], object]
"""Raises a RegistryError if a version cannot serve."""


class RegistryError(Exception):
    """A model cannot be taken from the registry; the message says why."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of a saved model without loading it."""

    version: Identifier
    created_at: dt.datetime
    sha256: str
    schema: str
    platforms: int
    ranker: str
    parameters: dict[str, Any]
    libraries: dict[str, str]
    data_sha256: str
    reference_version: str
    seed: int
    businesses: int
    simulated_share: float
    metrics: dict[str, Any]


class Registry:
    """Trained models below one folder: `<version>/model.joblib`, `<version>/manifest.json`.

    The file `current` holds the version in service, `history.jsonl` the record of how it came
    there. Models and pointer are written beside their place and then renamed, so that a reader sees
    all of it or nothing.

    Attributes:
        folder: Where they are.
        history: The record.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.history = History(folder)

    @property
    def current(self) -> str | None:
        """The version in service, or None before the first one."""
        return self.history.current

    @property
    def before(self) -> str | None:
        """The version in service before the present one, or None if the record tells of none."""
        return self.history.before

    @property
    def is_experimenting(self) -> bool:
        """Whether a model is compared with the one in service, so that this one has to stay."""
        return (self.folder / EXPERIMENT).exists()

    def versions(self) -> list[str]:
        """Return all saved versions, oldest first."""
        names = (path.parent.name for path in self.folder.glob("*/manifest.json"))
        return sorted(filter(NAME.fullmatch, names))

    def save(
        self,
        model: Model,
        facts: Mapping[str, Any],
        beside: Callable[[Manifest], Mapping[str, bytes]] = lambda manifest: {},
    ) -> Manifest:
        """Write a model and its manifest; nothing is left behind if that fails.

        Args:
            model: The model.
            facts: The fields of `Manifest` that only the training knows.
            beside: Makes the files that are kept beside them, by name.

        Raises:
            RegistryError: If they cannot be written.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        created = dt.datetime.now(dt.UTC).replace(microsecond=0)
        work = Path(tempfile.mkdtemp(prefix=".writing-", dir=self.folder))
        try:
            joblib.dump(replace(model), work / "model.joblib")  # without what it has cached
            digest = hashlib.sha256((work / "model.joblib").read_bytes()).hexdigest()
            manifest = Manifest(
                version=f"{created:%Y%m%dT%H%M%SZ}-{digest[:8]}",
                created_at=created,
                sha256=digest,
                schema=model.encoder.schema,
                platforms=len(model.platforms),
                ranker=type(model.ranker).__name__,
                libraries=_libraries(),
                **facts,
            )
            encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
            (work / "manifest.json").write_bytes(encoded)
            for name, content in beside(manifest).items():
                (work / name).write_bytes(content)
            work.chmod(0o755)
            for path in (*work.iterdir(), work):
                sync(path)
            place = self.folder / manifest.version
            if not place.exists():
                work.rename(place)
                sync(self.folder)
        except OSError as error:
            raise RegistryError(
                f"the model cannot be written to {self.folder} ({error}): make room there, or see "
                "who may write"
            ) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return manifest

    @contextmanager
    def training(self) -> Iterator[None]:
        """Let one process at a time train.

        Raises:
            RegistryError: If another one does.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".training").open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise RegistryError(
                    "another training is under way: wait until it has ended"
                ) from error
            for left in self.folder.glob(".writing-*"):  # of a training that was killed
                shutil.rmtree(left, ignore_errors=True)
            yield  # the system lets go when the file is closed, or the process ends

    def manifest(self, version: str) -> Manifest:
        """Read the manifest of a version.

        Raises:
            RegistryError: If there is no such version, or its manifest cannot be read.
        """
        try:
            data = (self._place(version) / "manifest.json").read_bytes()
            return msgspec.json.decode(data, type=Manifest)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise RegistryError(f"there is no model {version}") from error
        except OSError as error:
            raise RegistryError(f"model {version} cannot be read: {error.strerror}") from error
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RegistryError(f"the manifest of model {version} is broken: {error}") from error

    def peers(self, version: str) -> PeerTable:
        """Read with whom a model of this version lets businesses be compared.

        Returns:
            Nobody, if the model is from before such tables.

        Raises:
            RegistryError: If there is a table and it cannot be read.
        """
        try:
            data = (self._place(version) / PEERS).read_bytes()
            return msgspec.json.decode(data, type=PeerTable)
        except FileNotFoundError:
            return PeerTable()
        except (OSError, msgspec.DecodeError, UnicodeDecodeError) as error:
            raise RegistryError(f"the peers of model {version} cannot be read: {error}") from error

    def load(self, version: str, schema: str) -> tuple[Model, Manifest]:
        """Load a model after its checksum, its libraries and its feature schema are checked.

        Args:
            version: Which model.
            schema: The schema of the feature columns that the caller will send.

        Raises:
            RegistryError: If the model is missing, was changed since it was saved, or was made by
                other libraries or for other features.
        """
        manifest = self.manifest(version)
        path = self._place(version) / "model.joblib"
        try:
            data = path.read_bytes()
        except OSError as error:
            raise RegistryError(f"model {version} cannot be read: {error.strerror}") from error
        if hashlib.sha256(data).hexdigest() != manifest.sha256:
            raise RegistryError(f"model {version} does not match the checksum in its manifest")
        if manifest.libraries != _libraries():
            raise RegistryError(
                f"model {version} was made with {manifest.libraries}, "
                f"installed are {_libraries()}: train again"
            )
        if manifest.schema != schema:
            raise RegistryError(
                f"model {version} was made for other feature columns "
                f"({manifest.schema}, now {schema}): train again"
            )
        return joblib.load(io.BytesIO(data)), manifest

    def in_service_already(self, model: Model) -> Manifest | None:
        """Return the manifest of the version in service if that is this model, bit for bit.

        Then there is nothing to save: made by the same libraries, it would serve the same answers.
        """
        if self.current is None:
            return None
        try:
            manifest = self.manifest(self.current)
            data = (self._place(self.current) / "model.joblib").read_bytes()
        except (RegistryError, OSError):
            return None
        buffer = io.BytesIO()
        joblib.dump(replace(model), buffer)
        same = data == buffer.getvalue() and manifest.schema == model.encoder.schema
        return manifest if same and manifest.libraries == _libraries() else None

    def promote(
        self, version: str, why: str = "trained", who: str | None = None, check: Check | None = None
    ) -> Promotion | None:
        """Put a version into service and record it; of two at once, the last one wins.

        Args:
            version: Which model.
            why: What the record says of the reason.
            who: What the record says of the person; the login name where left out.
            check: Asked first; what it raises leaves the model in service where it is.

        Returns:
            The line of the record, or None if the version was in service already.

        Raises:
            RegistryError: If there is no such version, or no reason, or an experiment runs.
        """
        self.manifest(version)
        with self.history.locked():
            return self._put_into_service(version, why, who, check)

    def rollback(self, why: str, who: str | None = None, check: Check | None = None) -> Promotion:
        """Put the version back that was in service before the present one.

        A second rollback undoes the first.

        Args:
            why: As in `promote`.
            who: As in `promote`.
            check: As in `promote`.

        Raises:
            RegistryError: If the record tells of no such version, or it is gone, or an experiment
                runs.
        """
        if self.current is None:
            raise RegistryError("no model is in service")
        with self.history.locked():
            before = self.before
            if before is None:
                raise RegistryError(f"the record tells of no model before {self.current}")
            done = self._put_into_service(before, why, who, check)
            assert done is not None  # the one before is another one
            return done

    def prune(self, keep: int, dry_run: bool = False) -> dict[str, int]:
        """Remove old versions, but never the one in service nor the one before it.

        Args:
            keep: How many of the newest stay.
            dry_run: Only tell what would be removed.

        Returns:
            The size in bytes of each version that was removed, oldest first.

        Raises:
            RegistryError: If none of the versions is in service, as any may be wanted then, or an
                experiment runs.
        """
        if self.current not in self.versions():
            raise RegistryError("no model is in service")
        with self.history.locked():
            self._refuse_while_experimenting()
            versions = self.versions()
            old = versions[: max(len(versions) - keep, 0)]
            sizes = {
                version: sum(path.stat().st_size for path in self._place(version).iterdir())
                for version in old
                if version not in {self.current, self.before}
            }
            if dry_run:
                return sizes
            for version in sizes:  # at once out of sight, whatever happens to the removal
                self._place(version).rename(self.folder / f".removing-{version}")
            for path in self.folder.glob(".removing-*"):
                shutil.rmtree(path)
            return sizes

    def _put_into_service(
        self, version: str, why: str, who: str | None, check: Check | None
    ) -> Promotion | None:
        if not why.strip():
            raise RegistryError("a promotion needs a reason")
        self._refuse_while_experimenting()
        self.manifest(version)
        if check:
            check(version)
        return None if version == self.current else self.history.put(version, why, who)

    def _refuse_while_experimenting(self) -> None:
        if self.is_experimenting:
            raise RegistryError(
                "an experiment is running: stop it first, with `smedx experiments stop`"
            )

    def _place(self, version: str) -> Path:
        if not NAME.fullmatch(version):
            raise RegistryError(f"{version!r} is not the name of a model")
        return self.folder / version


def _libraries() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python} | {name: installed_version(name) for name in LIBRARIES}
