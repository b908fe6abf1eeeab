"""A scheme's text counted over the customers of the current run, while it is being written."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from carpel.api.asking import AskedWorkspace, ReaderLanguage
from carpel.api.lanes import work_out
from carpel.api.money import major
from carpel.api.problems import answers, of_the_request
from carpel.kernel.errors import CarpelError
from carpel.kernel.money import Currency
from carpel.schemes.previewing import Counts, SegmentCount
from carpel.workspace import Workspace

router = APIRouter(prefix="/api/v1/schemes", tags=["schemes"])

YAML: Final = "application/yaml"
_BODY: Final = {
    "requestBody": {
        "required": True,
        "description": "A scheme, as its file in `schemes/` holds it.",
        "content": {YAML: {"schema": {"type": "string"}}},
    }
}
_PROBLEMS: Final = answers(
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.CONFLICT,
)


class PreviewedSegmentWire(BaseModel):
    """A segment as the text would make it; `remainder` takes everyone whom no rule before it took."""

    key: str
    parent: str | None
    label: str
    customers: int
    share: float
    revenue: float | None
    remainder: bool

    @classmethod
    def of(cls, segment: SegmentCount, counts: Counts, currency: Currency, language: str) -> PreviewedSegmentWire:
        """As a reader of a language sees it."""
        return cls(
            key=segment.key,
            parent=segment.parent,
            label=segment.label.render(language),
            customers=segment.customers,
            share=counts.share(segment),
            revenue=major(segment.revenue, currency),
            remainder=segment.is_remainder,
        )


class PreviewWire(BaseModel):
    """How a text would divide the current customers; leaves add up to the base."""

    currency: str
    base: int
    outside_base: int
    outside_revenue: float | None
    segments: list[PreviewedSegmentWire]

    @classmethod
    def of(cls, counts: Counts, currency: Currency, language: str) -> PreviewWire:
        """As a reader of a language sees it."""
        summary = counts.summary
        return cls(
            currency=currency.code,
            base=summary.base,
            outside_base=summary.outside_base,
            outside_revenue=major(summary.outside_revenue, currency),
            segments=[PreviewedSegmentWire.of(each, counts, currency, language) for each in counts.segments],
        )


async def _text(request: Request) -> str:
    """The request's body. No form on a page elsewhere can send YAML by itself, unlike plain text."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != YAML:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, YAML)
    try:
        return (await request.body()).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        with of_the_request():
            raise CarpelError("kernel.yaml-not-utf8", place="preview") from error


@router.post("/preview", responses=_PROBLEMS, openapi_extra=_BODY)
async def preview(
    written: Annotated[str, Depends(_text)], workspace: AskedWorkspace, language: ReaderLanguage
) -> PreviewWire:
    """Count customers and money of each segment, by its rules, without saving anything."""
    return await work_out(lambda: _counted(written, workspace, language))


def _counted(written: str, workspace: Workspace, language: str) -> PreviewWire:
    run = workspace.current
    with of_the_request():
        return PreviewWire.of(workspace.schemes.preview(written), run.currency, language)
