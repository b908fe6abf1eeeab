"""Times whole processes, in turn, with the memory that each took at most."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Timing:
    """What several runs of one contender took.

    Attributes:
        seconds: Wall time of each run.
        peak_mb: The most memory that any run held.
        output: What the last run printed.
    """

    seconds: tuple[float, ...]
    peak_mb: int
    output: str

    @property
    def median(self) -> float:
        """The figure to quote."""
        return median(self.seconds)


def once(arguments: Sequence[str]) -> Timing:
    """One run of `python -m …`."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", *arguments], stdout=subprocess.PIPE, text=True)
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status:
        raise SystemExit(f"{' '.join(arguments)} ended with {status}")
    return Timing((seconds,), usage.ru_maxrss // 1024, output)


def interleaved(contenders: Mapping[str, Sequence[str]], rounds: int) -> dict[str, Timing]:
    """Each contender in turn, `rounds` times, so that a machine's moods fall on all alike."""
    found: dict[str, list[Timing]] = {name: [] for name in contenders}
    for number in range(rounds):
        for name, arguments in contenders.items():
            found[name].append(once(arguments))
            print(f"  round {number + 1}  {name}: {found[name][-1].median:.1f} s", file=sys.stderr)
    return {
        name: Timing(tuple(each.seconds[0] for each in runs), max(each.peak_mb for each in runs), runs[-1].output)
        for name, runs in found.items()
    }
