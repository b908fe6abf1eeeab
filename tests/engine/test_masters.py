"""Which engines there are, and masters that nobody answers for: told in words, before Spark starts."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from carpel.engine import open_engine
from carpel.engine.spark_session import refuse_unanswered
from carpel.kernel.errors import CarpelError


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A port of this machine; nothing answers there before it listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound


@pytest.mark.parametrize("name", ["local[0]", "local[00]", "local-cluster[0,1,512]", "local[-1]", "spark://"])
def test_no_threads_are_no_engine(name: str) -> None:
    with pytest.raises(CarpelError, match="There is no engine called"):
        open_engine(name)


def test_a_master_that_nobody_answers_for_is_named(listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    with pytest.raises(CarpelError, match=f"Nothing answers at 127.0.0.1:{port}; is the master running"):
        refuse_unanswered(f"spark://127.0.0.1:{port}")


@pytest.mark.parametrize("place", ["127.0.0.1:no", "127.0.0.1:99999999", "[::1", "host.invalid:7077"])
def test_a_place_that_is_none_is_named_too(place: str) -> None:
    with pytest.raises(CarpelError, match="Nothing answers at"):
        refuse_unanswered(f"spark://{place}")


def test_of_several_masters_one_will_do(listener: socket.socket) -> None:
    listener.listen()
    refuse_unanswered(f"spark://127.0.0.1:1,127.0.0.1:{listener.getsockname()[1]}")
    refuse_unanswered("local[2]")
