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
STYLE = Path(__file__).with_name("page.css").read_bytes()
TEXTS = {
    "vi": {
        "association": "Hiệp hội minh họa",
        "title": "Công cụ số nào hợp với quán ăn của bạn?",
        "lead": "Trang này đóng vai trang web của một hiệp hội doanh nghiệp. Danh sách dưới đây "
        "dành cho một quán ăn gia đình bốn người ở Đà Nẵng và đến từ một máy chủ khác.",
        "about": "Nhúng như thế nào",
        "explained": "Một đoạn mã và một thẻ. Khóa công khai chỉ dùng được trên các trang web đã "
        "đăng ký.",
        "coloured": "Màu sắc là của trang này; nội dung và nút bấm là của danh sách.",
    },
    "en": {
        "association": "Demo association",
        "title": "Which digital tools suit your restaurant?",
        "lead": "This page plays the website of a business association. The list below is for a "
        "family restaurant of four in Da Nang, and comes from another server.",
        "about": "How it is embedded",
        "explained": "One script and one element. The publishable key works on the websites that "
        "it was made for, and nowhere else.",
        "coloured": "The colours are those of this page, words and buttons those of the list.",
    },
}
NAMES = {"vi": "Tiếng Việt", "en": "English"}
RESTAURANT = {
    "legal_form": "household",
    "sector": "I56",
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
        told: What may be chosen in its address: `locale`, `n`, and `key`, `profile`, `profile-id`
            or `consent` as attributes of the widget.
    """
    locale = "en" if told.get("locale") == "en" else "vi"
    other = "vi" if locale == "en" else "en"
    about = {name: told[name] for name in ("profile-id", "profile", "consent") if name in told}
    if not {"profile-id", "profile"} & about.keys():
        about["profile"] = json.dumps(RESTAURANT)
    return PAGE.substitute(
        api=api,
        key=html.escape(told.get("key", key)),
        locale=locale,
        n=html.escape(told.get("n", "5")),
        business=" ".join(f'{name}="{html.escape(value)}"' for name, value in about.items()),
        **TEXTS[locale],
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
    policy = (
        f"default-src 'none'; script-src {api}; connect-src {api}; style-src 'self'; img-src data:"
    )

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer with the style sheet where it is asked for, else with the page."""
            address = urlsplit(self.path)
            told = {name: values[-1] for name, values in parse_qs(address.query).items()}
            kind, body = "html", page(api, key, told).encode()
            if address.path == "/page.css":
                kind, body = "css", STYLE
            self.send_response(200)
            self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Print nothing."""

    return ThreadingHTTPServer(("127.0.0.1", port), Handler)
