"""A page: a template, drawn for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from carpel import __version__
from carpel.web import links
from carpel.web.reader import LANGUAGE_COOKIE, Reader
from carpel.web.tables import under

YEAR: Final = 365 * 86_400
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}


@dataclass(frozen=True, kw_only=True)
class Page:
    """What a request will see, and who reads it.

    Attributes:
        request: What was asked for.
        reader: By whom.
    """

    request: Request
    reader: Reader

    @property
    def path(self) -> str:
        """The page's own path, as it stands in an address."""
        # Two slashes at the beginning would make a host of what follows.
        return "/" + quote(self.request.scope["path"]).lstrip("/")

    def here(self, **changes: str | int | None) -> str:
        """This page's address with some of its query changed; None leaves a part out."""
        kept = [each for each in self.request.query_params.multi_items() if each[0] not in {"lang", *changes}]
        wanted = [*kept, *((name, value) for name, value in changes.items() if value is not None)]
        return f"{self.path}?{urlencode(wanted)}" if wanted else self.path

    def show(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **values: Any) -> HTMLResponse:
        """The page, drawn from a template with these values."""
        drawn = _environment().get_template(template).render(**self._common(), **values)
        answer = HTMLResponse(drawn, status_code=status, headers={**HEADERS, "Content-Language": self.reader.language})
        if self.request.query_params.get("lang") == self.reader.language:
            keep(answer, LANGUAGE_COOKIE, self.reader.language)
        return answer

    def _common(self) -> dict[str, Any]:
        state = self.request.app.state
        return {
            "page": self,
            "reader": self.reader,
            "say": self.reader.say,
            "shown": self.reader.shown,
            "here": self.here,
            "links": links,
            "assets": state.assets,
            "sections": state.sections,
            "workspace_name": state.workspace.name,
            "version": __version__,
        }


def keep(answer: HTMLResponse | Any, cookie: str, value: str) -> None:
    """Remember a reader's choice for a year."""
    answer.set_cookie(cookie, value, max_age=YEAR, httponly=True, samesite="lax")


def page_of(request: Request) -> Page:
    """The page that a request asks for."""
    return Page(request=request, reader=Reader.of(request))


async def _asked(request: Request) -> Page:
    # Nothing is waited for; as a coroutine it takes no thread of its own.
    return page_of(request)


AskedPage = Annotated[Page, Depends(_asked)]


@cache
def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("carpel.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["under"] = under
    return found
