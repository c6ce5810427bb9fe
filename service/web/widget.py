"""The widget for other websites: a script of one file, at an address that stays."""

from functools import cache
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from service.access.headers import extra_of
from service.access.key_watch import KeyWatch
from service.caching import cacheable, tag_of
from service.web.pages import STATIC
from service.web.security import PUBLIC

FOR_EVER = "public, max-age=31536000, immutable"
"""How long what is asked for by its version may be kept: a year."""


@cache
def widget() -> tuple[bytes, str]:
    """Return the script and its version, which is its tag without the quotes."""
    script = (STATIC / "widget.js").read_bytes()
    return script, tag_of(script).strip('"')


@get("/widget/v1.js", sync_to_thread=False, include_in_schema=False)
def show_widget(
    request: Request[Any, Any, Any], keys: NamedDependency[KeyWatch], v: FromQuery[str] = ""
) -> Response[Any]:
    """Return the script; `v` names a version, and is then kept for ever.

    The websites of the keys may read it: they need to where they state its hash (`integrity`).
    """
    script, version = widget()
    extra = extra_of(request.scope)
    extra.origin = request.headers.get("origin", "")
    extra.readable = keys.ring is not None and extra.origin in keys.ring.origins
    return cacheable(
        request,
        script,
        media_type="text/javascript",
        cache_control=FOR_EVER if v == version else PUBLIC,
    )
