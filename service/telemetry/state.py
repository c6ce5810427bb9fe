"""What is the same in all processes, told by the one that answers: model, experiment, drift."""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from prometheus_client import CollectorRegistry, Metric, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from recommender.training.registry import Registry, RegistryError
from service.serving import ServingSlot
from service.telemetry.mix import Mix, drift_of

logger = logging.getLogger(__name__)


class State(Collector):
    """Collects what is in service when it is asked.

    Args:
        slot: What is in service.
        registry: Where the manifest of the model is.
        mix: Who asked.
    """

    def __init__(self, slot: ServingSlot, registry: Registry, mix: Mix) -> None:
        self._slot = slot
        self._mix = mix
        self._learned = lru_cache(2)(_reader(registry))

    def exposition(self) -> bytes:
        """Return it in the text format of Prometheus."""
        registry = CollectorRegistry(auto_describe=False)
        registry.register(self)
        return generate_latest(registry)

    def collect(self) -> Iterator[Metric]:
        """Yield the metrics as they are now."""
        serving = self._slot.serving
        info = serving.recommender.info
        model = GaugeMetricFamily(
            "smedx_model_info",
            "The model in service.",
            labels=["version", "ranker", "simulated_share"],
        )
        model.add_metric([info.version, info.ranker, f"{info.simulated_share:.4g}"], 1)
        yield model
        experiment = GaugeMetricFamily(
            "smedx_experiment_info",
            "The experiment under way, and the share of businesses in treatment.",
            labels=["experiment", "control", "treatment"],
        )
        if serving.trial:
            plan = serving.trial.experiment
            experiment.add_metric([plan.id, plan.arms.control, plan.arms.treatment], plan.share)
        yield experiment
        yield from self._drift(info.version)

    def _drift(self, version: str) -> Iterator[Metric]:
        asked = self._mix.asked()
        businesses = GaugeMetricFamily(
            "smedx_profile_window_businesses",
            "Businesses of the window that profile drift is measured on.",
            value=asked.total(),
        )
        yield businesses
        learned = self._learned(version)
        found = drift_of(asked, learned) if learned else {}
        for name, key, told in (
            (
                "smedx_profile_drift",
                "distance",
                "Distance of those who ask from those learned from.",
            ),
            (
                "smedx_profile_drift_chance",
                "chance",
                "What 95 of 100 such distances stay below by chance.",
            ),
        ):
            family = GaugeMetricFamily(name, told, labels=["field"])
            for field, figures in found.items():
                family.add_metric([field], figures[key])
            yield family


def _reader(registry: Registry) -> Callable[[str], Mapping[str, Any] | None]:
    def read(version: str) -> Mapping[str, Any] | None:
        """Return whom a model learned from, or None where its manifest does not tell."""
        try:
            found: Mapping[str, Any] | None = registry.manifest(version).metrics.get("data")
        except RegistryError:  # the popularity list has none
            return None
        return found

    return read
