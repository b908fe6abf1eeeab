"""What tests need beside Python: a private PostgreSQL that lives as long as the tests do, a browser, and its fonts.

`python -m tests.servers` makes sure that what tests need is installed. On Debian or Ubuntu as root it installs what
is missing; elsewhere it says what is missing and how to get it.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from carpel.engine.spark_session import java

PACKAGES = {"initdb": "postgresql", "postgres": "postgresql"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONTS = "fonts-noto-cjk"
JAVA = "openjdk-17-jre-headless"
OPENMP = "libgomp1"
INSTALL = f"apt-get install -y postgresql chromium {FONTS} {JAVA} {OPENMP}"
ACCOUNT = "postgres"
START_SECONDS = 30


def program(name: str) -> Path | None:
    """A program of PostgreSQL: from the path, or where Debian keeps it, the newest first."""
    on_path = shutil.which(name)
    if on_path:
        return Path(on_path)
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: -int(path.parts[4]))
    return kept[0] if kept else None


@dataclass(frozen=True)
class PostgreSQL:
    """A running server.

    Attributes:
        home: Its folder, with its socket.
    """

    home: Path

    def url(self, database: str = "postgres") -> str:
        """A database's address for `store:`."""
        return f"postgresql+psycopg://{ACCOUNT}@/{database}?host={self.home}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection past Carpel."""
        return psycopg.connect(host=str(self.home), user=ACCOUNT, dbname=database, autocommit=True)

    def new_database(self) -> str:
        """The address of an empty database of its own."""
        name = f"test_{uuid4().hex[:12]}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A server with a cluster of its own, gone afterwards."""
    initdb, postgres = program("initdb"), program("postgres")
    if initdb is None or postgres is None:
        pytest.skip(f"PostgreSQL is not installed: {INSTALL}")
    # Not pytest's folder: the server's account may not enter it. Short, as a socket's path must be.
    account = _account()
    home = Path(tempfile.mkdtemp(prefix="carpel-pg-"))
    try:
        if account:
            os.chown(home, account["user"], account["group"])
        options = ["-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([initdb, "-D", home / "data", *options], check=True, capture_output=True, cwd=home, **account)
        with _serving(postgres, home, account):
            yield PostgreSQL(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def _serving(postgres: Path, home: Path, account: dict[str, Any]) -> Iterator[None]:
    command: list[str | Path] = [
        postgres,
        "-D",
        home / "data",
        "-k",
        home,
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
    ]
    with (home / "log").open("wb") as log:
        server = subprocess.Popen(command, cwd=home, stdout=log, stderr=log, start_new_session=True, **account)
    try:
        _wait_for(server, home)
        yield
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def _wait_for(server: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            PostgreSQL(home).connect().close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail((home / "log").read_text(encoding="utf-8", errors="replace"))
            time.sleep(0.05)
        else:
            return


def _account() -> dict[str, Any]:
    """PostgreSQL refuses root: then it runs as the account that its package made."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(ACCOUNT)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def missing() -> list[str]:
    """Packages that tests need and that are not installed."""
    packages = {package for name, package in PACKAGES.items() if program(name) is None}
    if browser_program() is None:
        packages.add("chromium")
    if java() is None:
        packages.add(JAVA)
    if not _draws_chinese():
        packages.add(FONTS)
    if sys.platform == "linux" and find_library("gomp") is None:
        packages.add(OPENMP)
    return sorted(packages)


def browser_program() -> Path | None:
    """Chromium, under whichever name it is installed."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    return Path(found) if found else None


def _draws_chinese() -> bool:
    """Whether there is a font with Chinese characters; where fonts cannot be listed, the system has its own."""
    if sys.platform != "linux":
        return True
    lister = shutil.which("fc-list")
    return lister is not None and bool(subprocess.run([lister, ":lang=zh"], capture_output=True, check=True).stdout)


def install(packages: list[str]) -> None:
    """Install packages of Debian or Ubuntu; without starting what they would start."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=True, env=environment)
    subprocess.run(["apt-get", "install", "-y", "-qq", *packages], check=True, env=environment)


def main() -> int:
    """Make sure that all is there."""
    packages = missing()
    if not packages:
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install(packages)
        return 0
    sys.stderr.write(f"Tests need {', '.join(packages)}, for example: sudo {INSTALL}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
