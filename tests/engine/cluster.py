"""A real Spark cluster on loopback: a master and a worker, each a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyspark

HOST = "127.0.0.1"
START_SECONDS = 90


@contextmanager
def standalone(folder: Path) -> Iterator[str]:
    """The address of a master with one worker; both end with the block."""
    port = _free()
    address = f"spark://{HOST}:{port}"
    with ExitStack() as running:
        started = _started("master.Master", folder / "master.log", "--port", str(port))
        running.enter_context(started)
        _wait(folder / "master.log", "I have been elected leader")
        worker = _started("worker.Worker", folder / "worker.log", "-c", "1", "-m", "1g", "-d", str(folder), address)
        running.enter_context(worker)
        _wait(folder / "worker.log", "Successfully registered with master")
        yield address


@contextmanager
def _started(role: str, log: Path, *options: str) -> Iterator[None]:
    home = Path(pyspark.__file__).parent
    command = [
        str(home / "bin" / "spark-class"),
        f"org.apache.spark.deploy.{role}",
        "--host",
        HOST,
        "--webui-port",
        "0",
    ]
    environment = {**os.environ, "SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST}
    with log.open("w", encoding="utf-8") as told:
        process = subprocess.Popen([*command, *options], env=environment, stdout=told, stderr=told)
        try:
            yield
        finally:
            process.terminate()
            process.wait()


def _free() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port


def _wait(log: Path, said: str) -> None:
    until = time.monotonic() + START_SECONDS
    while said not in log.read_text(encoding="utf-8", errors="replace"):
        assert time.monotonic() < until, log.read_text(encoding="utf-8", errors="replace")
        time.sleep(0.2)
