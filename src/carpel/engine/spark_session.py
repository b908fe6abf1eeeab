"""The one Spark of this process: started when first asked for, stopped when the last who uses it leaves."""

from __future__ import annotations

import os
import re
import shutil
import socket
from dataclasses import dataclass
from importlib.util import find_spec
from logging import CRITICAL, getLogger
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from carpel.kernel.errors import CarpelError
from carpel.kernel.temporary import TemporaryFolder

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

EXTRA: Final = "carpel[spark]"
MASTERS: Final = re.compile(r"local|local\[([1-9]\d*|\*)\]|local-cluster\[[1-9]\d*,[1-9]\d*,[1-9]\d*\]|spark://[^\s/]+")
"""What `engine:` may name, beside duckdb."""

_REMOTE: Final = "spark://"
_PORT: Final = "7077"
_PATIENCE: Final = 3.0
"""Seconds in which a master answers that it is there."""
_LOG: Final = "spark.log"
_LAST: Final = 2_000
_SETTINGS: Final = {
    "spark.app.name": "Carpel",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.driver.maxResultSize": "0",
    "spark.sql.catalogImplementation": "in-memory",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.mapKeyDedupPolicy": "LAST_WIN",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    # Where in Python an expression was written says nothing of a query that comes as text, and costs time.
    "spark.python.sql.dataFrameDebugging.enabled": "false",
}
_ON_ONE_MACHINE: Final = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    # A stage per few kilobytes costs more than it spares where all cores are here.
    "spark.sql.shuffle.partitions": "4",
}


def refuse_without(master: str) -> None:
    """Say what to install where PySpark or Java is missing."""
    if find_spec("pyspark") is None:
        raise CarpelError("engine.needs-pyspark", name=master, extra=EXTRA)
    if java() is None:
        raise CarpelError("engine.needs-java", name=master)


def refuse_unanswered(master: str) -> None:
    """Ask whether a master is there: Spark itself would try for more than a minute, and then not say what is wrong."""
    if not master.startswith(_REMOTE):
        return
    places = master.removeprefix(_REMOTE).split(",")
    if not any(map(_answers, places)):
        raise CarpelError("engine.nobody-answers", name=master, where=", ".join(places))


def _answers(place: str) -> bool:
    host, sign, port = place.rpartition(":")
    if not sign:
        host, port = place, _PORT
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, ValueError, OverflowError):
        return False
    return True


def java() -> Path | None:
    """The Java that Spark would start."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    return Path(found) if found else None


def is_several_processes(master: str) -> bool:
    """Whether its workers are processes of their own, perhaps on other machines."""
    return not (master == "local" or master.startswith("local["))


@dataclass
class Shared:
    """A Spark that somebody uses.

    Attributes:
        master: Where it runs.
        session: Its first session.
        users: How many engines use it.
    """

    master: str
    session: SparkSession
    users: int = 0

    def leave(self) -> None:
        """One user less; the last one stops it."""
        with _LOCK:
            self.users -= 1
            if self.users == 0:
                _stop(self)


class _Process:
    """What this process has of Spark. Java starts once, with the first session, and ends with the process."""

    running: Shared | None = None
    gateway: Any = None
    folder: TemporaryFolder | None = None


_LOCK: Final = Lock()
_PROCESS: Final = _Process()


def shared_session(master: str) -> Shared:
    """This process's Spark at that master; started, or the one that runs already.

    Raises:
        CarpelError: It does not start, or another one runs in this process.
    """
    with _LOCK:
        running = _PROCESS.running
        if running is None:
            running = _PROCESS.running = Shared(master, _start(master))
        if running.master != master:
            raise CarpelError("engine.another-spark", name=master, running=running.master)
        running.users += 1
        return running


def _start(master: str) -> SparkSession:
    from py4j.protocol import Py4JError  # type: ignore[import-untyped]  # noqa: PLC0415  an optional extra
    from pyspark import SparkConf, SparkContext  # noqa: PLC0415
    from pyspark.errors import PySparkException  # noqa: PLC0415
    from pyspark.sql import SparkSession  # noqa: PLC0415

    foreign = SparkContext._active_spark_context  # noqa: SLF001  the public ways to ask would start one
    if foreign is not None:
        raise CarpelError("engine.another-spark", name=master, running=foreign.master)
    refuse_unanswered(master)
    folder = _PROCESS.folder = _PROCESS.folder or TemporaryFolder("carpel-spark-")
    own = {"spark.local.dir": str(folder.path), "spark.sql.warehouse.dir": (folder.path / "warehouse").as_uri()}
    settings = _SETTINGS | own | ({} if master.startswith("spark:") else _ON_ONE_MACHINE)
    conf = SparkConf().setMaster(master).setAll(list(settings.items()))
    try:
        # Failures are raised; PySpark would print them beside.
        getLogger("SQLQueryContextLogger").setLevel(CRITICAL)
        return SparkSession(SparkContext(conf=conf, gateway=_gateway(conf, folder.path / _LOG)))
    except (PySparkException, Py4JError) as error:
        raise CarpelError("engine.spark-does-not-start", name=master, problem=_said(error, folder.path)) from error


def _gateway(conf: Any, log: Path) -> Any:
    """The way to Java, which says what it has to say to a file and not to the terminal."""
    from pyspark.java_gateway import launch_gateway  # noqa: PLC0415

    if _PROCESS.gateway is None:
        with log.open("wb") as sink:
            _PROCESS.gateway = launch_gateway(conf, {"stdout": sink, "stderr": sink})  # type: ignore[no-untyped-call]
    return _PROCESS.gateway


def _said(error: Exception, folder: Path) -> str:
    """The line that says why, which Java may have told its log only."""
    log = folder / _LOG
    told = log.read_text(encoding="utf-8", errors="replace")[-_LAST:] if log.exists() else ""
    lines = [line.strip(": ") for line in (*str(error).splitlines(), *told.splitlines()) if line.strip()]
    return next((line for line in lines if "Exception" in line), lines[0] if lines else type(error).__name__)


def _stop(shared: Shared) -> None:
    _PROCESS.running = None
    shared.session.stop()
