"""What is sent and answered: health.

Written by `make clients` from the OpenAPI document: change nothing here."""

from msgspec import Struct


class Health(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of the service; `problems` says what is amiss.

    Attributes:
        status: `live`, `ready` or `not ready`.
        model: Which model is in service.
        problems: What is amiss, in English.
    """

    status: str
    model: str
    problems: tuple[str, ...] = ()
