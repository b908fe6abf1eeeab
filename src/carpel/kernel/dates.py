"""Days are cut in the workspace's time zone; every figure is as of an instant."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from carpel.kernel.errors import CarpelError, nearest


def zone(name: str) -> ZoneInfo:
    """The IANA time zone of that name; `CarpelError` with the nearest names where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CarpelError("kernel.unknown-time-zone", name=name, hint=nearest(name, available_timezones())) from error


def is_day(wish: str) -> bool:
    """Whether somebody wrote a day, as `2025-07-01`, and not a moment."""
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", wish))


@dataclass(frozen=True)
class AsOf:
    """The moment that a profile knows up to: facts from before it count, those at or after it do not.

    Attributes:
        instant: The moment in UTC, with zone.
        day: The local day of the moment; ages and recencies count from it.
        time_zone: Where that day is cut; not part of which moment it is.
    """

    instant: datetime
    day: date
    time_zone: str = field(default="UTC", compare=False)

    @classmethod
    def start_of(cls, day: date, time_zone: str) -> "AsOf":
        """The first moment of a local day: `--as-of 2025-07-01` knows everything through 30 June."""
        local = datetime.combine(day, time.min, zone(time_zone))
        return cls(local.astimezone(UTC), day, time_zone)

    @classmethod
    def at(cls, instant: datetime, time_zone: str) -> "AsOf":
        """A moment given with its zone."""
        return cls(instant.astimezone(UTC), instant.astimezone(zone(time_zone)).date(), time_zone)

    @property
    def stored(self) -> datetime:
        """The instant as facts store it: UTC without a zone."""
        return self.instant.replace(tzinfo=None)

    def to_json(self) -> dict[str, str]:
        """As JSON keeps it."""
        return {"instant": self.instant.isoformat(), "day": self.day.isoformat(), "time_zone": self.time_zone}

    @classmethod
    def from_json(cls, raw: Mapping[str, str]) -> "AsOf":
        """From what `to_json` gave; of old, without its zone."""
        zoned = raw.get("time_zone", "UTC")
        return cls(datetime.fromisoformat(raw["instant"]), date.fromisoformat(raw["day"]), zoned)

    @classmethod
    def parse(cls, wish: str, time_zone: str) -> "AsOf":
        """From `2025-07-01`, or a moment such as `2025-07-01T14:30` (local) or `…+08:00`.

        Raises:
            CarpelError: The text is neither.
        """
        try:
            if is_day(wish):
                return cls.start_of(date.fromisoformat(wish), time_zone)
            moment = datetime.fromisoformat(wish)
        except ValueError as error:
            raise CarpelError("kernel.not-a-date", value=wish) from error
        return cls.at(moment if moment.tzinfo else moment.replace(tzinfo=zone(time_zone)), time_zone)
