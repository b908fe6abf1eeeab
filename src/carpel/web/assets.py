"""What pages are drawn with: one stylesheet and a few pictures, each under an address that names its content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from importlib.resources import files
from typing import Final, Self

from fastapi import APIRouter, Request, Response
from starlette.exceptions import HTTPException

from carpel import charts

router = APIRouter()

STYLESHEET: Final = "carpel.css"
_STYLES: Final = ("tokens.css", "base.css", "layout.css", "components.css", "tables.css", "figures.css", "pages.css")
"""In the order of the cascade; styles of single pages come after them."""
_TYPES: Final = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}
_FOREVER: Final = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """A file that a page asks for.

    Attributes:
        name: What templates call it.
        content: Its bytes.
    """

    name: str
    content: bytes

    @property
    def address(self) -> str:
        """Its name with a fingerprint of its content, so that a browser may keep it for ever."""
        stem, _, ending = self.name.rpartition(".")
        return f"{stem}.{sha256(self.content).hexdigest()[:12]}.{ending}"


@dataclass(frozen=True)
class Assets:
    """All files that pages ask for.

    Attributes:
        by_name: As templates find them.
        by_address: As browsers ask for them.
    """

    by_name: Mapping[str, Asset]
    by_address: Mapping[str, Asset]

    @classmethod
    def load(cls) -> Self:
        """Read them once."""
        found = tuple(_assets())
        return cls({each.name: each for each in found}, {each.address: each for each in found})

    def path(self, name: str) -> str:
        """Where a page finds one of them."""
        return f"/static/{self.by_name[name].address}"


@router.get("/static/{address}")
def static(request: Request, address: str) -> Response:
    """A file by its address."""
    assets: Assets = request.app.state.assets
    asset = assets.by_address.get(address)
    if asset is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    kind = _TYPES[asset.name.rpartition(".")[2]]
    return Response(asset.content, media_type=kind, headers={"Cache-Control": _FOREVER})


def _assets() -> Iterator[Asset]:
    folder = files("carpel.web") / "static"
    names = sorted(file.name for file in folder.iterdir() if file.name.endswith(".css"))
    ordered = [*_STYLES, *(name for name in names if name not in _STYLES)]
    styles = [(folder / name).read_text(encoding="utf-8") for name in ordered]
    yield Asset(STYLESHEET, "\n".join([*styles, charts.stylesheet()]).encode())
    for file in folder.iterdir():
        if file.name.endswith(".svg"):
            yield Asset(file.name, file.read_bytes())
