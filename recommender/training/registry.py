"""The registry: one folder for each trained model, and a pointer to the one in service."""

import datetime as dt
import hashlib
import io
import os
import platform
import re
import shutil
import tempfile
from collections.abc import Mapping
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import Any

import joblib
import msgspec

from recommender.domain.engagement import Identifier
from recommender.model import Model

LIBRARIES = ("numpy", "scipy", "scikit-learn", "joblib")


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

    The file `current` holds the version in service. Everything is written beside its place and
    then renamed, so that a reader sees all of it or nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def current(self) -> str | None:
        """The version in service, or None before the first one."""
        try:
            return (self.folder / "current").read_text("utf-8", errors="replace").strip() or None
        except FileNotFoundError:
            return None

    def versions(self) -> list[str]:
        """Return all saved versions, oldest first."""
        return sorted(path.parent.name for path in self.folder.glob("*/manifest.json"))

    def save(
        self, model: Model, facts: Mapping[str, Any], pictures: Mapping[str, bytes] | None = None
    ) -> Manifest:
        """Write a model and its manifest; nothing is left behind if that fails.

        Args:
            model: The model.
            facts: The fields of `Manifest` that only the training knows.
            pictures: Files that are kept beside them, by name.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        created = dt.datetime.now(dt.UTC).replace(microsecond=0)
        work = Path(tempfile.mkdtemp(prefix=".writing-", dir=self.folder))
        try:
            joblib.dump(model, work / "model.joblib")
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
            for name, content in (pictures or {}).items():
                (work / name).write_bytes(content)
            work.chmod(0o755)
            place = self.folder / manifest.version
            if not place.exists():
                work.rename(place)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        return manifest

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

    def promote(self, version: str) -> None:
        """Put a version into service.

        Raises:
            RegistryError: If there is no such version.
        """
        self.manifest(version)
        handle, name = tempfile.mkstemp(prefix=".current-", dir=self.folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(version + "\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(self.folder / "current")

    def _place(self, version: str) -> Path:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", version):
            raise RegistryError(f"{version!r} is not the name of a model")
        return self.folder / version


def _libraries() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    return {"python": python} | {name: installed_version(name) for name in LIBRARIES}
