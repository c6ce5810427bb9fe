"""What the service holds from its start on is not searched for garbage while it answers."""

import gc
import weakref

from litestar.testing import TestClient

from service.app import create_app
from service.data_folder import DataFolder
from service.serving import ServingSlot
from service.settings import Settings, packaged_data


def test_what_is_there_at_the_start_is_left_alone_until_the_end(models, tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    with TestClient(create_app(Settings(database_url=url, models_dir=models.folder))) as client:
        assert client.get("/health/ready").status_code == 200
        assert gc.get_freeze_count() > 100_000
    assert gc.get_freeze_count() == 0


def test_a_model_goes_without_being_searched_for_once_another_one_is_in_service(models, versions):
    slot = ServingSlot(models, DataFolder(packaged_data()))
    gone = weakref.ref(slot.serving.recommender.model)
    gc.disable()
    try:
        models.promote(versions[1], "for the tests")
        slot.refresh()
        assert slot.serving.version == versions[1]
        assert gone() is None
    finally:
        gc.enable()
