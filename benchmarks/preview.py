"""A changed rule counted over current profiles: `python -m benchmarks.preview [--customers N] [--folder DIR]`.

Twenty segments of which one rule is changed again and again, as somebody does who looks for the right bound. Prints
what the first count takes, what each change takes, and what counting everything anew by the engine takes.
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median
from tempfile import gettempdir
from typing import TYPE_CHECKING

import duckdb

from benchmarks.scheme import AS_OF
from carpel.engine import open_engine
from carpel.kernel.dates import AsOf
from carpel.kernel.texts import Labels
from carpel.kernel.types import ValueType
from carpel.profiles import Attribute, Catalogue, Family, Profiles
from carpel.schemes import Scheme, fit_cuts, read_scheme, totals
from carpel.schemes.previewing import Preview

if TYPE_CHECKING:
    from collections.abc import Callable

    from carpel.kernel.engine import Engine

TARGET_MS = 200
CHANGES = 20
PER_FILE = 131_072

COLUMNS = {
    "frequency": (ValueType.INTEGER, "floor(40 * power(random(), 3))::bigint"),
    "recency_days": (ValueType.INTEGER, "floor(900 * random())::bigint"),
    "monetary_value": (ValueType.MONEY, "floor(2000000 * power(random(), 4))::bigint"),
    "spend_90d": (ValueType.MONEY, "floor(300000 * power(random(), 4))::bigint"),
    "spend_365d": (ValueType.MONEY, "floor(900000 * power(random(), 4))::bigint"),
    "gap_median_days": (ValueType.NUMBER, "CASE WHEN random() < 0.8 THEN 90 * random() END"),
    "order_mean": (ValueType.MONEY, "floor(60000 * random())::bigint"),
    "returns_share": (ValueType.SHARE, "power(random(), 4)"),
    "categories_count": (ValueType.INTEGER, "floor(20 * random())::bigint"),
    "channels_count": (ValueType.INTEGER, "1 + floor(3 * random())::bigint"),
    "tenure_days": (ValueType.INTEGER, "floor(2000 * random())::bigint"),
    "kind": (ValueType.CATEGORY, "list_extract(['business', 'consumer', 'reseller'], 1 + floor(3 * random())::int)"),
    "main_channel": (ValueType.CATEGORY, "list_extract(['web', 'store', 'phone'], 1 + floor(3 * random())::int)"),
}

RULES = (
    ("never-bought", "coalesce(frequency, 0) = 0"),
    ("key-accounts", "value in ('top', 'large') and kind = 'business'"),
    ("champions", "r = '5' and f = '5' and m = '5'"),
    ("top-slipping", "value = 'top' and recency_days > 2 * gap_median_days"),
    ("top-steady", "value = 'top'"),
    ("large-slipping", "value = 'large' and recency_days > {bound}"),
    ("large-web", "value = 'large' and main_channel = 'web'"),
    ("large", "value = 'large'"),
    ("newcomers", "tenure_days <= 90"),
    ("returners", "returns_share > 0.5"),
    ("explorers", "categories_count >= 15 and r in ('4', '5')"),
    ("one-category", "categories_count = 1 and frequency >= 3"),
    ("growing", "spend_90d > 0.5 * spend_365d and spend_365d > 500"),
    ("loyal", "f in ('4', '5') and r in ('3', '4', '5')"),
    ("cannot-lose", "r in ('1', '2') and f in ('4', '5')"),
    ("big-baskets", "order_mean > 300"),
    ("store-only", "channels_count = 1 and main_channel = 'store'"),
    ("about-to-sleep", "recency_days between 180 and 365"),
    ("lost", "recency_days > 365"),
)


def main() -> None:
    """Generate profiles, count, print."""
    wishes = argparse.ArgumentParser(prog="python -m benchmarks.preview")
    wishes.add_argument("--customers", type=int, default=1_000_000)
    wishes.add_argument("--folder", type=Path, default=Path(gettempdir()) / "carpel-benchmarks")
    wish = wishes.parse_args()
    profiles = generated(wish.folder / f"profiles-{wish.customers}", wish.customers)
    engine = open_engine("duckdb")
    preview = Preview(profiles, engine)
    cold = _seconds(preview.count, _scheme(180))
    changed = [_seconds(preview.count, _scheme(bound)) for bound in range(181, 181 + CHANGES)]
    anew = [_seconds(_anew, _scheme(bound), profiles, engine) for bound in (181, 182, 183)]
    engine.close()
    _print(wish.customers, cold, changed, median(anew))


def generated(folder: Path, customers: int) -> Profiles:
    """Profiles drawn at random, in files as a run writes them."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, start in enumerate(range(0, customers, PER_FILE)):
        file = folder / f"{number:04}.parquet"
        columns = ", ".join(f"{formula} AS {name}" for name, (_, formula) in COLUMNS.items())
        numbers = f"range({start}, {min(start + PER_FILE, customers)}) t(i)"
        rows = f"SELECT i AS customer_no, 'C' || i AS customer_id, {columns} FROM {numbers}"
        if not file.is_file():
            duckdb.execute(f"COPY ({rows}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
        files.append(file)
    day = date.fromisoformat(AS_OF)
    as_of = AsOf(datetime(day.year, day.month, day.day, tzinfo=UTC), day)
    return Profiles(files=tuple(files), catalogue=_catalogue(), as_of=as_of, rows=customers, digits=2)


def _catalogue() -> Catalogue:
    kinds = {"customer_id": ValueType.ID} | {name: kind for name, (kind, _) in COLUMNS.items()}
    return Catalogue(available={name: _attribute(name, kind) for name, kind in kinds.items()})


def _attribute(name: str, kind: ValueType) -> Attribute:
    said = Labels({"en": name})
    return Attribute(key=name, family=Family.BEHAVIOURAL, type=kind, label=said, description=said)


def _scheme(bound: int) -> Scheme:
    segments = "\n".join(f'  - {{key: {key}, when: "{rule.format(bound=bound)}"}}' for key, rule in RULES)
    scores = {"r": "recency_days", "f": "frequency", "m": "monetary_value"}
    tiers = "\n".join(f"  {key}: {{tiers: {of}, quantiles: 5}}" for key, of in scores.items())
    value = "  value: {tiers: monetary_value, shares: {top: 1%, large: 4%, medium: 15%, small: 80%}}"
    rest = "  - {key: everyone-else, otherwise: true}"
    return read_scheme(f"scheme: s\npartitions:\n{value}\n{tiers}\nsegments:\n{segments}\n{rest}\n", "s.yaml")


def _anew(scheme: Scheme, profiles: Profiles, engine: Engine) -> None:
    engine.read(totals(scheme, profiles, fit_cuts(scheme, profiles, engine)), profiles.bindings)


def _seconds(work: Callable[..., object], *given: object) -> float:
    started = time.perf_counter()
    work(*given)
    return time.perf_counter() - started


def _print(customers: int, cold: float, changed: list[float], anew: float) -> None:
    typical = median(changed)
    print(f"{customers:,} customers, {len(RULES) + 1} segments; one rule changed {len(changed)} times")
    print(f"  first count, nothing known yet   {cold * 1000:8.0f} ms")
    print(f"  one rule changed, median         {typical * 1000:8.0f} ms   (target {TARGET_MS})")
    print(f"  one rule changed, worst          {max(changed) * 1000:8.0f} ms")
    print(f"  everything anew by the engine    {anew * 1000:8.0f} ms   {anew / typical:.1f} times the changed rule")


if __name__ == "__main__":
    main()
