"""Pages load nothing from elsewhere, run only our scripts, and take no form of another site."""

import re
from pathlib import Path

import pytest

import service.web

PAGES = Path(service.web.__file__).parent
PUBLIC = ("/", "/about", "/platforms", "/platforms/misa-cukcuk", "/visit/misa-cukcuk")


@pytest.mark.parametrize("path", [*PUBLIC, "/nowhere"])
def test_every_page_carries_its_policy(visitor, path):
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"


def test_private_pages_are_never_stored(visitor, restaurant):
    token, page = visitor.fill(restaurant)
    assert page.headers["cache-control"] == "no-store"
    for path in (f"/form/{token}/sector", f"/result/{token}", f"/result/{token}/delete"):
        assert visitor.get(path).headers["cache-control"] == "no-store"
    assert "max-age" in visitor.get("/about").headers["cache-control"]


def test_no_page_sets_a_cookie(visitor, restaurant):
    visitor.fill(restaurant)
    assert not visitor.client.cookies


def test_templates_carry_no_style_and_no_script():
    for template in (PAGES / "templates").rglob("*.html"):
        text = re.sub(r'<script [^>]*src="[^"]+"[^>]*></script>', "", template.read_text("utf-8"))
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", text), template.name


def test_pages_load_only_from_here(visitor, restaurant):
    _, result = visitor.fill(restaurant)
    for page in (result, *(visitor.get(path) for path in PUBLIC)):
        loaded = re.findall(r'<(?:link|img|script|iframe)[^>]*(?:href|src)="([^"]+)"', page.text)
        assert loaded
        assert all(address.startswith("/static/") for address in loaded)


def test_static_files_are_kept_for_long_and_change_their_address_with_their_content(visitor):
    (address,) = re.findall(r'rel="stylesheet" href="([^"]+)"', visitor.get("/").text)
    assert re.fullmatch(r"/static/base\.css\?v=[0-9a-f]{12}", address)
    answer = visitor.client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://testserver.local"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://proxy.example", "Sec-Fetch-Site": "same-origin"}, 303),
    ],
)
def test_forms_of_other_sites_are_refused(visitor, headers, status):
    before = visitor.count("drafts")
    answer = visitor.post("/start", {}, headers=headers, follow_redirects=False)
    assert answer.status_code == status
    assert visitor.count("drafts") == before + (status == 303)
    if status == 403:
        assert "Biểu mẫu này được gửi từ trang web khác" in answer.text


def test_links_from_elsewhere_open(visitor):
    assert visitor.get("/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_a_wrong_method_is_answered_by_a_page(visitor, locale):
    visitor.language = locale
    answer = visitor.get("/start")
    assert answer.status_code == 405
    assert f'<html lang="{locale}">' in answer.text
