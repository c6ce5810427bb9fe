"""What a process of the service imports: what only training needs takes a second of each start."""

import subprocess
import sys

import pytest

SERVE = """
import sys
from pathlib import Path

from litestar.testing import TestClient

from service.app import create_app
from service.settings import Settings

models, database = sys.argv[1:]
business = {
    "legal_form": "household",
    "sector": "I56",
    "employees": 4,
    "province": "48",
    "sells_to_consumers": True,
    "platforms_in_use": ["misa-cukcuk"],
}
settings = Settings(database_url=database, models_dir=Path(models))
with TestClient(create_app(settings)) as client:
    def send(method, path, status=200, **options):
        answer = client.request(method, path, **options)
        assert answer.status_code == status, answer.text
        return answer

    stored = send("POST", "/v1/profiles", 201, json=business).json()["id"]
    made = send("POST", "/v1/recommendations", json={"profile_id": stored}).json()
    send("POST", "/v1/plans", json={"profile": business})
    send("POST", "/v1/recommendations/batch", json={"businesses": [{"profile": business}] * 2})
    click = {"id": "click-0001", "kind": "click", "platform_id": made["items"][0]["platform"]["id"]}
    click["recommendation_id"] = made["recommendation_id"]
    send("POST", "/v1/events", json={"events": [click]})
    send("GET", f"/v1/profiles/{stored}/export")
    for path in ("/v1/platforms/sapo/similar", "/metrics", "/vi/about", "/vi/platforms?q=ban hang"):
        send("GET", path)
print(*sorted({"pandas", "scipy.optimize", "scipy.stats", "sklearn"} & sys.modules.keys()))
"""


@pytest.mark.parametrize("with_model", [True, False], ids=["with a model", "by popularity"])
def test_what_only_training_needs_is_imported_by_no_answer(models, with_model, tmp_path):
    folder = models.folder if with_model else tmp_path / "none"
    database = f"sqlite:///{tmp_path}/store.sqlite3"
    done = subprocess.run(
        [sys.executable, "-c", SERVE, str(folder), database], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []
