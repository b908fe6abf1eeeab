"""Temporary folders are gone when their work is done, whatever became of the process."""

import signal
import subprocess
import sys
from pathlib import Path

from carpel.kernel.temporary import TemporaryFolder, sweep

_KILLED = """
import os, signal, sys
from pathlib import Path
from carpel.kernel.temporary import TemporaryFolder
folder = TemporaryFolder("work-", beside=Path(sys.argv[1]))
(folder.path / "spilled").write_text("much")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_folder_is_gone_when_it_is_left(tmp_path: Path) -> None:
    with TemporaryFolder("work-", beside=tmp_path) as folder:
        (folder / "spilled").write_text("much")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_gone_when_nothing_refers_to_it(tmp_path: Path) -> None:
    folder = TemporaryFolder("work-", beside=tmp_path)
    assert folder.path.is_dir()
    del folder
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_goes_with_the_next_start_and_nothing_else(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", _KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    (left,) = [each for each in tmp_path.iterdir() if each.is_dir()]
    assert (left / "spilled").is_file()
    (tmp_path / "work-of-somebody").mkdir()
    with TemporaryFolder("other-", beside=tmp_path):
        assert left.is_dir()
    with TemporaryFolder("work-", beside=tmp_path) as mine:
        assert not left.exists()
        sweep(tmp_path, "work-")
        assert mine.is_dir()
    assert [each.name for each in tmp_path.iterdir()] == ["work-of-somebody"]


def test_a_folder_that_was_given_its_name_stays(tmp_path: Path) -> None:
    with TemporaryFolder("work-", beside=tmp_path) as folder:
        folder.rename(tmp_path / "kept")
    assert [each.name for each in tmp_path.iterdir()] == ["kept"]
