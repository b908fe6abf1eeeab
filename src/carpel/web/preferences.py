"""What a reader prefers: the theme, kept in a cookie; the language is kept by whichever page is asked for in it."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from carpel.web.page import keep
from carpel.web.reader import THEME_COOKIE, THEMES

router = APIRouter()


@router.post("/preferences")
async def prefer(request: Request) -> RedirectResponse:
    """Keep a theme, and go back to the page where it was chosen."""
    sent = parse_qs((await request.body()).decode("utf-8", "replace"))
    theme, back = sent.get("theme", [""])[0], sent.get("back", ["/"])[0]
    answer = RedirectResponse(own_address(back), status_code=HTTPStatus.SEE_OTHER)
    if theme in THEMES:
        keep(answer, THEME_COOKIE, theme)
    return answer


def own_address(address: str) -> str:
    """The address if it is a path of this site, else the first page: nobody is sent elsewhere."""
    if not address.startswith("/") or address.startswith("//") or "\\" in address or not address.isprintable():
        return "/"
    try:
        parts = urlsplit(address)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else address
