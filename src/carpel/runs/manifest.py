"""What a run is made of, in one file that is written once and never changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from carpel.crm.facts import Ledger
from carpel.kernel.dates import AsOf
from carpel.kernel.errors import CarpelError
from carpel.kernel.issues import Issue, Severity
from carpel.kernel.messages import issue_from_json, issue_to_json
from carpel.profiles import Catalogue
from carpel.runs.catalogues import catalogue_from_json, catalogue_to_json
from carpel.runs.folders import MANIFEST
from carpel.schemes import Alike, Overlap

FORMAT: Final = 3
"""Raised when an older Carpel could not read what is written."""


@dataclass(frozen=True, kw_only=True)
class SegmentSize:
    """A leaf of the scheme in this run.

    Attributes:
        key: The segment.
        customers: How many are in it.
        revenue: Their money in minor units; None where nothing has money.
    """

    key: str
    customers: int
    revenue: int | None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """Everything about a run but its rows.

    Attributes:
        run: The run's id.
        workspace: Its workspace's name.
        started: When it began.
        ended: When all of it was written.
        as_of: The moment that it knows up to.
        versions: Of Carpel and of what computed it, by name.
        facts: The facts' fingerprint.
        facts_folder: Where they lie, as seen from the workspace.
        attributes: The workspace's own attributes, as YAML.
        profile: The attributes that were kept; None means all that the facts give.
        catalogue: The attributes that profiles hold, and those that the facts could not give.
        scheme_name: What the scheme is called in places.
        scheme: Its YAML text.
        scheme_version: The number under which that text was published; None of old, when files were used as they were.
        logic: Its logic fingerprint.
        parameters: What profiles know across customers, as JSON.
        models: The SHA-256 of what each model learned, by its key; it lies beside the tables.
        cuts: What the scheme knows across customers, as JSON.
        currency: The reporting currency's code.
        rows: Rows by table.
        files: Size in bytes by file, as seen from the run's folder.
        columns: Ibis type by column of the assignments.
        fingerprint: Of the assignments, free of any order.
        base: Customers whom the scheme divides.
        outside_base: Customers whom it does not.
        segments: The leaves in the scheme's order, empty ones too.
        outside_revenue: Money of customers outside the base; None where nothing has money.
        missed: For each segment with a rule, customers who came to it and whom an unknown value kept out.
        overlaps: What each rule takes from those after it.
        alike: Siblings that differ in nothing that matters.
        rests: The source's money that no profile holds, by why, in minor units.
        ledger: The source's money; None where nothing has money.
        checks: What each check found, by its name.
        issues: What else was found on the way.
        timings: Seconds by stage.
        previous: The run whose assignments it looked back to: the last to become current as of an earlier day, if any.
    """

    run: str
    workspace: str
    started: datetime
    ended: datetime
    as_of: AsOf
    versions: Mapping[str, str]
    facts: str
    facts_folder: str
    attributes: str
    profile: tuple[str, ...] | None
    catalogue: Catalogue
    scheme_name: str
    scheme: str
    logic: str
    parameters: str
    cuts: str
    currency: str
    rows: Mapping[str, int]
    files: Mapping[str, int]
    columns: Mapping[str, str]
    fingerprint: str
    base: int
    outside_base: int
    segments: tuple[SegmentSize, ...]
    outside_revenue: int | None
    missed: Mapping[str, int]
    rests: Mapping[str, int]
    ledger: Ledger | None
    checks: Mapping[str, tuple[Issue, ...]]
    issues: tuple[Issue, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    previous: str | None = None
    scheme_version: int | None = None
    overlaps: tuple[Overlap, ...] = ()
    alike: tuple[Alike, ...] = ()
    models: Mapping[str, str] = field(default_factory=dict)

    @property
    def failures(self) -> tuple[Issue, ...]:
        """What keeps the run from becoming current."""
        everything = (*self.issues, *(issue for found in self.checks.values() for issue in found))
        return tuple(issue for issue in everything if issue.severity is Severity.ERROR)

    @property
    def is_sound(self) -> bool:
        """Whether the run may become current."""
        return not self.failures

    def to_json(self) -> str:
        """The content of manifest.json."""
        plain = {each.name: getattr(self, each.name) for each in fields(self)}
        raw = plain | {
            "format": FORMAT,
            "started": self.started.isoformat(),
            "ended": self.ended.isoformat(),
            "as_of": self.as_of.to_json(),
            "catalogue": catalogue_to_json(self.catalogue),
            "segments": [asdict(each) for each in self.segments],
            "overlaps": [asdict(each) for each in self.overlaps],
            "alike": [asdict(each) for each in self.alike],
            "ledger": asdict(self.ledger) if self.ledger else None,
            "parameters": json.loads(self.parameters),
            "cuts": json.loads(self.cuts),
            "checks": {name: [issue_to_json(each) for each in found] for name, found in self.checks.items()},
            "issues": [issue_to_json(each) for each in self.issues],
        }
        return json.dumps(raw, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, content: str) -> Manifest:
        """What `to_json` gave."""
        raw: dict[str, Any] = json.loads(content)
        if raw.pop("format") > FORMAT:
            raise ValueError(FORMAT)
        return cls(
            **raw
            | {
                "started": datetime.fromisoformat(raw["started"]),
                "ended": datetime.fromisoformat(raw["ended"]),
                "as_of": AsOf.from_json(raw["as_of"]),
                "profile": tuple(raw["profile"]) if raw["profile"] is not None else None,
                "catalogue": catalogue_from_json(raw["catalogue"]),
                "parameters": json.dumps(raw["parameters"], sort_keys=True),
                "cuts": json.dumps(raw["cuts"], ensure_ascii=False, sort_keys=True),
                "segments": tuple(SegmentSize(**each) for each in raw["segments"]),
                "overlaps": tuple(Overlap(**each) for each in raw.get("overlaps", ())),
                "alike": tuple(Alike(**each) for each in raw.get("alike", ())),
                "ledger": Ledger(**raw["ledger"]) if raw["ledger"] else None,
                "checks": {name: tuple(map(issue_from_json, found)) for name, found in raw["checks"].items()},
                "issues": tuple(map(issue_from_json, raw["issues"])),
            }
        )


def write_manifest(manifest: Manifest, folder: Path) -> str:
    """Write manifest.json; gives its SHA-256, which the store keeps."""
    content = manifest.to_json().encode("utf-8", "surrogatepass")
    (folder / MANIFEST).write_bytes(content)
    return sha256(content).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read a run's manifest.

    Raises:
        CarpelError: The run is not kept here, or its manifest cannot be read.
    """
    path = folder / MANIFEST
    try:
        return Manifest.from_json(path.read_bytes().decode("utf-8", "surrogatepass"))
    except FileNotFoundError as error:
        raise CarpelError("runs.not-kept", place=str(folder), run=folder.name) from error
    except OSError as error:
        raise CarpelError("kernel.file-unreadable", place=str(path), problem=error.strerror or "") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CarpelError("runs.manifest-broken", place=str(path), problem=str(error)) from error
