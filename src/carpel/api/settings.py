"""How the service is told to work: `serve:` in carpel.yaml, and `CARPEL_SERVE_…` in the environment, which wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.yaml import Node

PREFIX: Final = "CARPEL_SERVE_"
HOSTS: Final = ("127.0.0.1", "localhost", "::1")
"""Names of this machine that nobody else can reach it by."""
LEVELS: Final = ("debug", "info", "warning", "error")
FORMATS: Final = ("auto", "json", "text")
LAST_PORT: Final = 65_535
_LONGEST_GRACE: Final = 3_600


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """How the service works.

    Attributes:
        host: Where it listens: on this machine alone, as long as nobody signs in.
        port: The port; 0 takes a free one.
        log_level: What is logged: lines of this weight and above.
        log_format: `json`, one object a line; `text`, for people; `auto`: for people on a terminal, else JSON.
        grace_seconds: How long requests under way have to come to their end when it is stopped.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    log_level: str = "info"
    log_format: str = "auto"
    grace_seconds: int = 10


KEYS: Final = tuple(each.name for each in fields(ServiceSettings))


def service_settings(written: Node, environment: Mapping[str, str]) -> ServiceSettings:
    """The service's settings, each checked.

    Args:
        written: The mapping `serve` of carpel.yaml.
        environment: The process's environment.

    Raises:
        CarpelError: A setting is unknown or cannot be; says where, and what could be.
    """
    entries = {**written.mapping(), **_of_environment(environment)}
    for key, node in entries.items():
        if key not in KEYS:
            raise CarpelError("api.unknown-setting", place=node.place, key=key, hint=nearest(key, KEYS))
    return ServiceSettings(**{key: _CHECKS[key](key, node) for key, node in entries.items()})


def _of_environment(environment: Mapping[str, str]) -> dict[str, Node]:
    given = {name: value for name, value in environment.items() if name.startswith(PREFIX)}
    return {name.removeprefix(PREFIX).lower(): Node(value, name) for name, value in given.items()}


def _host(key: str, node: Node) -> str:
    del key
    host = node.text()
    if host not in HOSTS:
        raise CarpelError("api.host-not-loopback", place=node.place, host=host, choices=", ".join(HOSTS))
    return host


def _one_of(choices: tuple[str, ...]) -> Any:
    def check(key: str, node: Node) -> str:
        value = node.text()
        if value not in choices:
            raise CarpelError("api.not-one-of", place=node.place, key=key, value=value, choices=", ".join(choices))
        return value

    return check


def _whole(least: int, most: int) -> Any:
    def check(key: str, node: Node) -> int:
        value = node.text()
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            # As text: a port has no thousands separator.
            raise CarpelError("api.not-whole", place=node.place, key=key, value=value, least=str(least), most=str(most))
        return int(value)

    return check


_CHECKS: Final[Mapping[str, Any]] = {
    "host": _host,
    "port": _whole(0, LAST_PORT),
    "log_level": _one_of(LEVELS),
    "log_format": _one_of(FORMATS),
    "grace_seconds": _whole(0, _LONGEST_GRACE),
}
