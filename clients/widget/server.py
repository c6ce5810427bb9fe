"""Serves the page of another website."""

import html
import json
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import parse_qs, urlsplit

PAGE = Template(Path(__file__).with_name("page.html").read_text("utf-8"))
TITLES = {
    "vi": "Trang của một hiệp hội doanh nghiệp",
    "en": "The website of a business association",
}
NAMES = {"vi": "Tiếng Việt", "en": "English"}
RESTAURANT = {
    "legal_form": "household",
    "sector": "I",
    "employees": 4,
    "revenue_bn_vnd": 1.5,
    "province": "48",
    "sells_to_consumers": True,
    "functions": {"sales": "paper", "finance": "paper", "customers": "not_done"},
    "needs": ["shop-floor", "invoices-tax"],
}


def page(api: str, key: str, told: Mapping[str, str]) -> str:
    """Return the page.

    Args:
        api: Where the service is.
        key: A publishable key for the origin of the page.
        told: What may be chosen in its address: `locale`, `n`, and `key`, `profile` or `profile-id`
            as attributes of the widget.
    """
    locale = "en" if told.get("locale") == "en" else "vi"
    other = "vi" if locale == "en" else "en"
    name = "profile-id" if "profile-id" in told else "profile"
    value = told.get(name, json.dumps(RESTAURANT))
    return PAGE.substitute(
        api=api,
        key=html.escape(told.get("key", key)),
        locale=locale,
        n=html.escape(told.get("n", "5")),
        business=f'{name}="{html.escape(value)}"',
        title=TITLES[locale],
        other=other,
        other_url=f"/?locale={other}",
        other_name=NAMES[other],
    )


def another_website(port: int, api: str, key: str) -> ThreadingHTTPServer:
    """Return the server of another website, whose policy allows the widget and nothing else.

    Args:
        port: Where it listens; 0 for any.
        api: Where the service is.
        key: A publishable key for its origin.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer every address with the page."""
            query = parse_qs(urlsplit(self.path).query)
            text = page(api, key, {name: values[-1] for name, values in query.items()})
            policy = f"default-src 'none'; script-src {api}; connect-src {api}; img-src data:"
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
