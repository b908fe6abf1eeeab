"""Named places where a test may end the process, to prove that no moment is a bad one to die."""

import os
import signal

_VARIABLE = "CARPEL_FAILPOINT"


def failpoint(name: str) -> None:
    """End the process without a goodbye if the environment variable CARPEL_FAILPOINT names this place."""
    if os.environ.get(_VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
