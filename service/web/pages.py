"""Pages from templates, each in one language."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import MediaType, Request, Response
from litestar.response import Redirect

from recommender.domain.tables import Locale
from service.web.i18n import LANGUAGES, LOCALES, Language
from service.web.security import PRIVATE, secure
from service.web.tokens import lent_token

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"

ADDRESS = "text/uri-list"
"""What a script that sends a form takes as an answer: where to go next."""


@dataclass(frozen=True)
class Page:
    """Renders the page that answers one request."""

    language: Language
    path: str
    query: str
    base_url: str
    accept: str = ""

    @property
    def lent(self) -> str:
        """The lent address at which a volunteer is at work; empty on all other pages."""
        in_language = self.path.startswith(f"/{self.language.locale}/")
        return lent_token(self.path) if in_language else ""

    def render(
        self, template: str, *, status: int = 200, cache_control: str = PRIVATE, **context: Any
    ) -> Response[str]:
        """Return a template as a response.

        Args:
            template: Its file name.
            status: The HTTP status.
            cache_control: Private pages are never stored; those that are the same for everyone
                may be.
            context: What the template shows.
        """
        text = environment(self.language.locale).get_template(template).render(page=self, **context)
        response = Response(
            text,
            status_code=status,
            media_type=MediaType.HTML,
            headers={"Cache-Control": cache_control, "Content-Language": self.language.locale},
        )
        secure(response)
        return response

    def redirect(self, path: str) -> Response[Any]:
        """Send the browser to another page of this language.

        A script that sent a form is told the address, so that the page is loaded once.
        """
        if self.accept == ADDRESS:
            return Response(self.url(path), status_code=200, media_type=ADDRESS)
        return Redirect(self.url(path), status_code=303)

    def url(self, path: str) -> str:
        """Return the address of a page in this language."""
        return f"/{self.language.locale}{path}"

    def full_url(self, path: str) -> str:
        """Return the address to keep or to send to somebody."""
        return self.base_url.rstrip("/") + self.url(path)

    def in_other_language(self) -> tuple[Locale, str]:
        """Return the other language and the address of this page in it."""
        other = next(locale for locale in LOCALES if locale != self.language.locale)
        prefix = f"/{self.language.locale}/"
        rest = self.path.removeprefix(prefix) if self.path.startswith(prefix) else ""
        query = f"?{self.query}" if self.query else ""
        return other, f"/{other}/{rest}{query}"


def page_for(request: Request[Any, Any, Any], language: Language) -> Page:
    """Return what renders the answer to a request."""
    query = request.scope["query_string"].decode("ascii", "ignore")
    accept = request.headers.get("accept", "")
    return Page(language, request.url.path, query, str(request.base_url), accept)


@cache
def environment(locale: Locale) -> Environment:
    """Return the templates of one language."""
    language = LANGUAGES[locale]
    templates = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.policies["ext.i18n.trimmed"] = True
    templates.install_gettext_translations(  # type: ignore[attr-defined]  # added by the extension
        language.translations, newstyle=True
    )
    templates.globals.update(language=language, static=static_url)
    return templates


@cache
def static_url(name: str) -> str:
    """Return the address of a static file, another one whenever its content changes."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"
