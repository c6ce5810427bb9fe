"""The application, assembled here and nowhere else."""

import asyncio
import contextlib
import gc
import logging
from collections.abc import AsyncIterator

from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from sqlalchemy.exc import SQLAlchemyError
from threadpoolctl import threadpool_limits

from recommender.policy import Exploration
from recommender.training.registry import Registry
from service.access.access import Access
from service.access.headers import add_headers
from service.access.key_watch import KeyWatch
from service.access.time_limit import TimeLimit
from service.api import api_router
from service.api.health import live, ready
from service.api.metrics import metrics_router
from service.api.openapi import KEYS, ExactSchemas
from service.data_folder import DataFolder
from service.errors import EXCEPTION_HANDLERS
from service.methods import with_head
from service.problems import StrictRequest
from service.retention import watch as watch_retention
from service.serving import Backend, Serving, ServingSlot
from service.settings import Settings
from service.store import Store, migrate
from service.store.address import shown_url
from service.store.journal import reason_of
from service.telemetry.telemetry import Telemetry
from service.web import web_routers

logger = logging.getLogger(__name__)

MIGRATION_RETRY_SECONDS = 2.0


def create_app(settings: Settings | None = None) -> Litestar:
    """Assemble the application.

    Args:
        settings: Read from the environment where left out.

    Raises:
        DataError: If a data table is broken; the message names file, row and column.
        SettingsError: If a setting cannot be used.
    """
    settings = settings or Settings.from_environment()
    exploration = Exploration(settings.exploration_share, settings.exploration_temperature)
    data = DataFolder(settings.data_dir)
    slot = ServingSlot(Registry(settings.models_dir), data, exploration)
    store = Store(settings.database_url)
    access = Access(settings, store)
    telemetry = Telemetry(settings, slot, store)

    def provide_serving() -> Serving:
        return slot.serving

    def provide_backend() -> Backend:
        return Backend(slot.serving, store, settings)

    def provide_slot() -> ServingSlot:
        return slot

    def provide_store() -> Store:
        return store

    def provide_settings() -> Settings:
        return settings

    def provide_keys() -> KeyWatch:
        return access.keys

    turn = asyncio.Lock()

    def provide_turn() -> asyncio.Lock:
        return turn

    def provide_telemetry() -> Telemetry:
        return telemetry

    @contextlib.asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        threadpool_limits(1, user_api="blas")  # more threads only make answers wait
        store.start()
        tasks = [
            asyncio.create_task(slot.watch(settings.model_poll_seconds)),
            asyncio.create_task(telemetry.watch()),
        ]
        if trouble := await _migration_trouble(settings.database_url):
            tasks.append(asyncio.create_task(_migrate_later(settings.database_url, trouble)))
        await access.keys.refresh()
        tasks.append(asyncio.create_task(access.keys.watch(settings.key_poll_seconds)))
        tasks.append(asyncio.create_task(watch_retention(store, settings)))
        # What is here stays: each search of it for garbage would make all requests wait.
        gc.collect()
        gc.freeze()
        try:
            yield
        finally:
            gc.unfreeze()
            for task in tasks:
                task.cancel()
            access.close()
            await store.close()
            telemetry.close()

    app = Litestar(
        [api_router, live, ready, metrics_router, *web_routers(settings.forms_a_minute)],
        dependencies={
            "backend": Provide(provide_backend, sync_to_thread=False),
            "keys": Provide(provide_keys, sync_to_thread=False),
            "serving": Provide(provide_serving, sync_to_thread=False),
            "settings": Provide(provide_settings, sync_to_thread=False),
            "slot": Provide(provide_slot, sync_to_thread=False),
            "store": Provide(provide_store, sync_to_thread=False),
            "telemetry": Provide(provide_telemetry, sync_to_thread=False),
            "turn": Provide(provide_turn, sync_to_thread=False),
        },
        before_send=[add_headers],
        exception_handlers=EXCEPTION_HANDLERS,
        lifespan=[lifespan],
        logging_config=None,
        middleware=[TimeLimit(), access.gate],
        openapi_config=OpenAPIConfig(
            title="SMEdx recommender",
            version="1.0.0",
            description=(
                "Ranks digital platforms for small businesses, says why, and learns from what "
                "they do. Errors are problem details (RFC 9457)."
            ),
            components=KEYS,
            path="/schema",
            use_handler_docstrings=True,
            render_plugins=[ExactSchemas()],  # the usual ones load scripts from elsewhere
        ),
        request_class=StrictRequest,
        request_max_body_size=1_048_576,
    )
    app.asgi_handler = telemetry.observe(with_head(app.asgi_handler))
    return app


async def _migration_trouble(url: str) -> str:
    """Bring the database up to date; return why it cannot be, or nothing."""
    try:
        await asyncio.to_thread(migrate, url)
    except (SQLAlchemyError, OSError) as error:
        return reason_of(error)
    return ""


async def _migrate_later(url: str, trouble: str) -> None:
    """Try again until the database answers; events are refused meanwhile."""
    told = ""
    while trouble:
        if trouble != told:
            logger.error(
                "the database %s cannot be used: %s; it is tried again each %g s, and "
                "`smedx doctor` tells what to look at",
                shown_url(url),
                trouble,
                MIGRATION_RETRY_SECONDS,
            )
            told = trouble
        await asyncio.sleep(MIGRATION_RETRY_SECONDS)
        trouble = await _migration_trouble(url)
    logger.info("the database answers now")
