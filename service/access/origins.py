"""Origins: the websites whose pages may use a publishable key."""

from urllib.parse import urlsplit

PORTS = {"http": 80, "https": 443}


def parse_origin(text: str) -> str:
    """Return an origin as browsers send it: scheme, host in lower case, port unless usual.

    Raises:
        ValueError: If it is no origin; the message says what would be right.
    """
    right = f"expected a scheme and a host such as https://www.example.vn, found {text!r}"
    try:
        parts = urlsplit(text.strip())
        port, host = parts.port, parts.hostname
        host = host.encode("idna").decode() if host and ":" not in host else host
    except ValueError as error:
        raise ValueError(right) from error
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in PORTS or not host or beyond or "*" in host:
        raise ValueError(right)
    host = f"[{host}]" if ":" in host else host
    unusual = port not in (None, PORTS[parts.scheme])
    return f"{parts.scheme}://{host}" + (f":{port}" if unusual else "")
