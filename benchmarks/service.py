"""The service under readers: `python -m benchmarks.service [--customers N] [--readers N] [--seconds N] [--folder DIR]`.

Starts `carpel serve` over a company of a million customers and prints: how long pages take at twenty readers, each of
whom reads a second before the next; one-customer look-ups at 300 a second while a run is going on, timed from when each
was due; searches; the most memory that the server held. Beside look-ups and searches stands the obvious alternative, a
query over the run's Parquet files by an embedded engine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import quote, urlsplit

import duckdb

import carpel
from benchmarks.company import Size, generate
from benchmarks.measure import once

LINES_PER_CUSTOMER = 5
LOOKUPS_A_SECOND = 300
CONNECTIONS = 16
READING_SECONDS = 1.0
CARPEL = str(Path(sys.executable).with_name("carpel"))


@dataclass(frozen=True)
class Wish:
    """What is measured, as the command line says."""

    customers: int
    readers: int
    seconds: int
    folder: Path


def main() -> None:
    """Make the company, serve it, read it, print."""
    wish = _wish()
    workspace = _workspace(wish)
    example = Example.of(workspace, wish.customers)
    with _served(workspace) as (address, pid):
        _warm(address, example)
        pages = _read_pages(address, example, wish)
        searches = _each(address, [f"/customers?search={quote(each)}" for each in example.wishes])
        alone = _look_up(address, example, wish.seconds)
        beside = _look_up_beside_a_run(address, example, workspace)
        peak = _peak_mb(pid)
    _print(wish, pages, searches, alone, beside, peak, example)


def _wish() -> Wish:
    wishes = argparse.ArgumentParser(prog="python -m benchmarks.service")
    wishes.add_argument("--customers", type=int, default=1_000_000)
    wishes.add_argument("--readers", type=int, default=20)
    wishes.add_argument("--seconds", type=int, default=20)
    wishes.add_argument("--folder", type=Path, default=Path(gettempdir()) / "carpel-benchmarks")
    return Wish(**vars(wishes.parse_args()))


def _workspace(wish: Wish) -> Path:
    folder = wish.folder / f"service-{wish.customers}"
    workspace = folder / "workspace"
    if not (folder / "done").exists():
        company = generate(folder / "company", Size(wish.customers, wish.customers * LINES_PER_CUSTOMER))
        once(("benchmarks.carpel_run", "stage", str(workspace), str(company)))
        for _ in range(2):
            once(("benchmarks.carpel_run", "run", str(workspace)))
        (folder / "done").touch()
    return workspace


@dataclass(frozen=True)
class Example:
    """What readers ask for.

    Attributes:
        customers: Ids, drawn at random.
        segments: Keys of leaves.
        wishes: What people type into the search.
        profiles: Where the current run's profiles lie.
    """

    customers: Sequence[str]
    segments: Sequence[str]
    wishes: Sequence[str]
    profiles: str

    @classmethod
    def of(cls, workspace: Path, customers: int) -> Example:
        """From the current run."""
        draw = random.Random(1)  # noqa: S311  which customers are looked up, not a secret
        ids = [f"C{draw.randrange(customers):09d}" for _ in range(5_000)]
        with carpel.open(workspace) as opened:
            leaves = [row.key for row in opened.segments().leaves]
            profiles = f"{opened.current.folder}/profiles/*.parquet"
        return cls(ids, leaves, [*ids[:20], *(each[:7] for each in ids[20:40])], profiles)

    def pages(self) -> list[str]:
        """One of each page, with ever other customers and segments behind."""
        draw = random.choice
        return [
            "/",
            "/segments",
            f"/segments/{draw(self.segments)}",
            f"/customers?segment={draw(self.segments)}",
            f"/customers/{draw(self.customers)}",
            "/attributes",
            "/attributes/recency_days",
            "/data",
        ]


@contextmanager
def _served(workspace: Path) -> Iterator[tuple[str, int]]:
    command = [CARPEL, "--workspace", str(workspace), "serve", "--port", "0", "--json"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        told = ""
        while server.stdout and not told.rstrip().endswith("}"):
            told += server.stdout.readline()
        yield json.loads(told)["address"], server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def _warm(address: str, example: Example) -> None:
    for page in example.pages():
        _get(_connection(address), page)


def _read_pages(address: str, example: Example, wish: Wish) -> dict[str, list[float]]:
    """Milliseconds of each page, by its first part."""
    until = time.perf_counter() + wish.seconds

    def read(_: int) -> list[tuple[str, float]]:
        connection, found = _connection(address), []
        while time.perf_counter() < until:
            for page in random.sample(example.pages(), 8):
                found.append((_kind(page), _get(connection, page)))
                time.sleep(READING_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311  people read unevenly
        return found

    with ThreadPoolExecutor(wish.readers) as readers:
        by_page: dict[str, list[float]] = {}
        for some in readers.map(read, range(wish.readers)):
            for page, took in some:
                by_page.setdefault(page, []).append(took)
    return by_page


def _kind(page: str) -> str:
    path, _, asked = page.partition("?")
    parts = path.strip("/").split("/")
    return "/" + parts[0] + ("/…" if len(parts) > 1 else "") + ("?" + asked.split("=")[0] if asked else "")


def _each(address: str, paths: Sequence[str]) -> list[float]:
    connection = _connection(address)
    return [_get(connection, path) for path in paths]


def _look_up(
    address: str, example: Example, seconds: float, going_on: Callable[[], bool] = lambda: True
) -> list[float]:
    """Milliseconds of each look-up from the moment that it was due, so that waiting for those before it counts.

    One thread asks them all over sixteen connections, which takes less of the machine than a thread for each would.
    """
    begun, due, found = time.perf_counter(), count(), list[float]()

    async def work() -> None:
        parts = urlsplit(address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        while going_on():
            number = next(due)
            at = begun + number / LOOKUPS_A_SECOND
            if at - begun > seconds:
                break
            await asyncio.sleep(max(0.0, at - time.perf_counter()))
            customer = example.customers[number % len(example.customers)]
            await _ask(reader, writer, f"/api/v1/customers/{customer}/why")
            found.append((time.perf_counter() - at) * 1000)
        writer.close()

    async def together() -> None:
        await asyncio.gather(*(work() for _ in range(CONNECTIONS)))

    asyncio.run(together())
    return found


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str) -> None:
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    status, *headers = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    if b" 200 " not in status:
        raise SystemExit(f"{path} answered {status.decode()}")
    length = next(each for each in headers if each.startswith(b"content-length:"))
    await reader.readexactly(int(length.partition(b":")[2]))


def _look_up_beside_a_run(address: str, example: Example, workspace: Path) -> list[float]:
    command = [CARPEL, "--workspace", str(workspace), "run", "--json"]
    run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    found = _look_up(address, example, 600, lambda: run.poll() is None)
    if run.wait():
        raise SystemExit("the run beside the look-ups failed")
    return found


def _connection(address: str) -> HTTPConnection:
    parts = urlsplit(address)
    return HTTPConnection(parts.hostname or "127.0.0.1", parts.port)


def _get(connection: HTTPConnection, path: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    if answer.status >= 400:
        raise SystemExit(f"{path} answered {answer.status}")
    return (time.perf_counter() - begun) * 1000


def _peak_mb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    line = next(each for each in status.splitlines() if each.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _by_query(profiles: str, where: str) -> float:
    """Milliseconds of the same question asked of the run's files by an embedded engine."""
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        duckdb.sql(f"SELECT * FROM '{profiles}' WHERE {where} LIMIT 50").fetchall()
        took.append((time.perf_counter() - begun) * 1000)
    return _share(took, 0.5)


def _share(took: Sequence[float], share: float) -> float:
    return sorted(took)[min(int(len(took) * share), len(took) - 1)]


def _print(
    wish: Wish,
    pages: dict[str, list[float]],
    searches: list[float],
    alone: list[float],
    beside: list[float],
    peak: int,
    example: Example,
) -> None:
    print(f"{wish.customers:,} customers, {os.cpu_count()} cores, shared with the readers; milliseconds\n")
    print(f"{'':44}{'count':>8}{'median':>9}{'p99':>9}   target")
    every = [took for some in pages.values() for took in some]
    for name, took, target in (
        (f"All pages, {wish.readers} readers", every, "200 median, 500 p99"),
        *((f"  {page}", took, "") for page, took in sorted(pages.items())),
        ("Search", searches, "200"),
        (f"Look-ups, {LOOKUPS_A_SECOND} a second", alone, "20 p99"),
        (f"Look-ups, {LOOKUPS_A_SECOND} a second, beside a run", beside, "20 p99"),
    ):
        print(f"{name:44}{len(took):8,}{_share(took, 0.5):9.1f}{_share(took, 0.99):9.1f}   {target}")
    one = _by_query(example.profiles, f"customer_id = '{example.customers[0]}'")
    found = _by_query(example.profiles, f"customer_id ILIKE '%{example.wishes[-1][1:]}%'")
    print("\nA look-up is GET /api/v1/customers/{id}/why: segment, reasons, runner-up and what would change it.")
    print(f"One customer by a query over files: {one:.0f} ms, {one / _share(alone, 0.5):.0f} times the look-up")
    print(f"Search by a query over files: {found:.0f} ms, {found / _share(searches, 0.5):.1f} times the search")
    print(f"Most memory that the server held: {peak:,} MB (target 1,500)")


if __name__ == "__main__":
    main()
