"""Lines of logs and metrics, as those who run the service read them."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families


class Metrics:
    """What `/metrics` answered."""

    def __init__(self, text: str) -> None:
        self.families = {family.name: family for family in text_string_to_metric_families(text)}
        self.samples = [sample for family in self.families.values() for sample in family.samples]

    def value(self, name: str, **labels: str) -> float:
        """Return the sum of the samples of this name with these labels."""
        return sum(
            sample.value
            for sample in self.samples
            if sample.name == name and labels.items() <= sample.labels.items()
        )

    def labels(self, name: str) -> list[dict[str, str]]:
        """Return the labels of each sample of this name."""
        return [sample.labels for sample in self.samples if sample.name == name]


@pytest.fixture
def read_metrics() -> Callable[..., Metrics]:
    """Read the metrics from a client of the service."""

    def read(client: Any, **options: Any) -> Metrics:
        answer = client.get("/metrics", **options)
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        return Metrics(answer.text)

    return read


@pytest.fixture
def log_lines() -> Callable[..., list[dict[str, Any]]]:
    """Return the records that a server logged as JSON, with these values."""

    def lines(server: Any, **wanted: Any) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in server.said().splitlines() if line.startswith("{")]
        return [each for each in found if wanted.items() <= each.items()]

    return lines
