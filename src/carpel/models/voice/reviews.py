"""Rated texts as they come: a workspace's own feedback in batches, or files that somebody names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.dataset as ds

from carpel.kernel.errors import CarpelError
from carpel.models.voice.ratings import mood_of
from carpel.models.voice.scripts import CHINESE, ENGLISH, FILIPINO, language_of
from carpel.models.voice.sentiment import Mood

_TAGS: Final = {"zh": CHINESE, "cmn": CHINESE, "en": ENGLISH, "fil": FILIPINO, "tl": FILIPINO, "tgl": FILIPINO}
_ROWS: Final = 8_192


@dataclass(frozen=True)
class Rated:
    """One entry of feedback.

    Attributes:
        text: What it says; empty where it has no words.
        mood: What its rating says, if it has one.
        language: Of the text; None where it is none of those that are told apart.
    """

    text: str
    mood: Mood | None
    language: str | None


def rated(batches: Iterable[pa.RecordBatch]) -> Iterator[Rated]:
    """Entries of feedback.

    Args:
        batches: With `text`, and, where known, `score`, `scale_max` and `language`, as in the table of feedback.
    """
    for batch in batches:
        texts, scores, scales, languages = (column(batch, each) for each in ("text", "score", "scale_max", "language"))
        for said, score, scale, language in zip(texts, scores, scales, languages, strict=True):
            content = said or ""
            yield Rated(content, mood_of(score, scale), _language(content, language))


def column(batch: pa.RecordBatch, name: str) -> list[Any]:
    """A column's values; nothing known where there is no such column."""
    if name in batch.schema.names:
        return list(batch.column(name).to_pylist())
    return [None] * batch.num_rows


def _language(content: str, tag: str | None) -> str | None:
    if not content.strip():
        return None
    told = _TAGS.get((tag or "").replace("_", "-").split("-")[0].lower())
    return told or language_of(content)


def reviews(
    path: Path, *, text: str = "text", score: str = "score", scale_max: str | float = "scale_max"
) -> Iterator[pa.RecordBatch]:
    """Rated texts of a Parquet or CSV file, or of all of a folder, by name.

    Args:
        path: The file or folder.
        text: The column that holds the words.
        score: The column that holds the rating.
        scale_max: The column that holds the best possible rating, or that rating.

    Raises:
        CarpelError: There is no such file, or it lacks a column.
    """
    for file in _files(path):
        opened = ds.dataset(file, format="csv" if file.suffix.lower() == ".csv" else "parquet")
        wanted = {"text": ds.field(text).cast(pa.string()), "score": ds.field(score).cast(pa.float64())}
        if isinstance(scale_max, str):
            wanted["scale_max"] = ds.field(scale_max).cast(pa.float64())
        else:
            wanted["scale_max"] = ds.scalar(float(scale_max))
        if "language" in opened.schema.names:
            wanted["language"] = ds.field("language").cast(pa.string())
        _refuse_without(file, opened.schema.names, (text, score, scale_max))
        yield from opened.to_batches(columns=wanted, batch_size=_ROWS)


def _files(path: Path) -> list[Path]:
    found = [path] if path.is_file() else sorted(each for each in path.glob("*") if each.is_file())
    known = [each for each in found if each.suffix.lower() in {".csv", ".parquet"}]
    if not known:
        raise CarpelError("models.voice-no-files", place=str(path), path=str(path))
    return known


def _refuse_without(file: Path, names: list[str], wanted: tuple[str | float, ...]) -> None:
    missing = [each for each in wanted if isinstance(each, str) and each not in names]
    if missing:
        raise CarpelError("models.voice-column-missing", place=str(file), column=missing[0], names=", ".join(names))
