"""What models learn in a run, what they say of each customer, and how a run keeps them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from carpel.crm import Facts
from carpel.kernel.errors import CarpelError
from carpel.models import MODELS, Card, Customers, Ground, Learned, Model, asked, with_models
from carpel.profiles import Attribute, Catalogue, CustomAttribute, Family, catalogue

FOLDER: Final = "models"
_NOTHING: Final[Mapping[str, Learned]] = MappingProxyType({})
_NUMBER: Final = "customer_no"
_GROUP: Final = 20_480
"""Rows of a row group, as the engine writes them: what looks at one customer reads one group."""


def declared(keys: Iterable[str]) -> tuple[Model, ...]:
    """The models of these keys, in the order of their cards; keys of another version's are passed over."""
    wanted = set(keys)
    return tuple(model for key, model in MODELS.items() if key in wanted)


def attributes_of(
    facts: Facts, custom: Iterable[CustomAttribute], models: Iterable[str], keep: Collection[str] | None = None
) -> Catalogue:
    """The attributes of profiles: those of facts, the workspace's own, and what models say.

    Args:
        facts: The staged facts.
        custom: The workspace's own attributes.
        models: Keys of the models that are asked.
        keep: Only these of the attributes. None keeps all.
    """
    return with_models(catalogue(facts, custom=custom, keep=keep), declared(models), facts, keep)


def learn_models(
    models: Iterable[str], kept: Catalogue, ground: Ground, known: Mapping[str, Learned] = _NOTHING
) -> dict[str, Learned]:
    """Those that attributes of profiles come from.

    Args:
        models: Their keys.
        kept: The attributes that profiles hold.
        ground: What they may know.
        known: What was learned of the same already, and is not learned again.
    """
    return {each.key: known.get(each.key) or each.learn(ground) for each in asked(declared(models), kept)}


def add_answers(file: Path, models: Mapping[str, Learned], kept: Catalogue, ground: Ground, bucket: int) -> None:
    """Add to the profiles of a bucket what models say of its customers; what they cannot say is null.

    Args:
        file: The profiles, with what models go by.
        models: What was learned.
        kept: The attributes that stay; what only models went by goes.
        ground: What they may know.
        bucket: Whose profiles they are.
    """
    table = pq.read_table(file).sort_by(_NUMBER)
    customers = Customers(profiles=table, buckets=(bucket,), ground=ground)
    said: dict[str, pa.Array] = {}
    for each in models.values():
        said |= each.answers(customers)
    passing = {key for each in models.values() for key in each.needs} - kept.available.keys()
    table = table.drop_columns([name for name in table.column_names if name in passing])
    for attribute in kept.available.values():
        if attribute.family is Family.MODEL:
            table = table.append_column(attribute.key, _typed(said.get(attribute.key), attribute, table.num_rows))
    pq.write_table(table, file, compression="zstd", compression_level=1, row_group_size=_GROUP)


def _typed(said: pa.Array | None, attribute: Attribute, rows: int) -> pa.Array:
    kind = ibis.dtype(attribute.type.ibis).to_pyarrow()
    return pa.nulls(rows, kind) if said is None else said.cast(kind)


def write_models(models: Mapping[str, Learned], folder: Path) -> tuple[dict[str, str], tuple[Path, ...]]:
    """Keep what was learned beside a run's tables; gives the SHA-256 of each and the files."""
    digests, files = {}, []
    for key, learned in models.items():
        kept = {"card": learned.card.to_json(), "learned": learned.to_json()}
        content = json.dumps(kept, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
        file = _file(folder, key)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        digests[key] = sha256(content).hexdigest()
        files.append(file)
    return digests, tuple(files)


def read_models(folder: Path, digests: Mapping[str, str]) -> dict[str, Learned]:
    """What a run learned.

    Raises:
        CarpelError: A file is missing, or is not what the run wrote.
    """
    found = {}
    for model in declared(digests):
        kept = _kept(folder, model.key, digests[model.key])
        found[model.key] = model.restored(kept["learned"], Card.from_json(kept["card"]))
    return found


def read_cards(folder: Path, digests: Mapping[str, str]) -> dict[str, Card]:
    """What is told of each model of a run; raises what `read_models` raises."""
    return {key: Card.from_json(_kept(folder, key, digest)["card"]) for key, digest in digests.items()}


def _kept(folder: Path, key: str, digest: str) -> dict[str, Any]:
    file = _file(folder, key)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CarpelError("kernel.file-unreadable", place=str(file), problem=error.strerror or "") from error
    if sha256(content).hexdigest() != digest:
        raise CarpelError("runs.model-changed", place=str(file), model=key, run=folder.name)
    kept: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return kept


def _file(folder: Path, key: str) -> Path:
    return folder / FOLDER / f"{key}.json"
