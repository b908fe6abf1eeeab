"""Help with refining a scheme: what to divide, what to join, which of two schemes says more of later money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.issues import Issue
from carpel.kernel.money import Currency
from carpel.kernel.progress import Progress
from carpel.kernel.texts import Text
from carpel.runs import Run
from carpel.runs.publishing.scheme_file import FOLDER, SchemeText, catalogue_for, scheme_text, unsound
from carpel.runs.publishing.versions import find_version, text_of
from carpel.runs.refining import MergeAdvice, RaceReport, SplitAdvice
from carpel.runs.refining import race as run_race
from carpel.runs.refining import suggest_merge as find_merges
from carpel.runs.refining import suggest_split as find_splits
from carpel.schemes import Scheme, read_scheme
from carpel.schemes.suggesting.joining import joined
from carpel.schemes.suggesting.merging import Merge
from carpel.schemes.suggesting.refining import Refinement, divide, join
from carpel.schemes.suggesting.splitting import Split

if TYPE_CHECKING:
    from carpel.workspace.workspace import Workspace

_PUBLISHED: Final = "published"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, kw_only=True)
class ReadyChange:
    """A suggestion as a change of the scheme's file.

    Attributes:
        refinement: The change; None where the file is written in a way that it cannot be made in.
        problem: Why there is none.
    """

    refinement: Refinement | None = None
    problem: Text | None = None

    @property
    def yaml(self) -> str | None:
        """What to write."""
        return self.refinement.yaml if self.refinement else None


@dataclass(frozen=True, kw_only=True)
class SplitSuggestions:
    """Divisions of one segment, each with its change.

    Attributes:
        advice: What past money says.
        changes: As many as `advice.splits`, in their order.
        currency: Of all money.
        issues: That the file, which a change is for, is not what the run was divided by, where it is so.
    """

    advice: SplitAdvice
    changes: tuple[ReadyChange, ...]
    currency: Currency
    issues: tuple[Issue, ...]

    @property
    def splits(self) -> tuple[tuple[Split, ReadyChange], ...]:
        """Divisions with their changes, the best first."""
        return tuple(zip(self.advice.splits, self.changes, strict=True))


@dataclass(frozen=True, kw_only=True)
class MergeSuggestions:
    """Siblings that behave alike, each pair with its change.

    Attributes:
        advice: What past behaviour says.
        changes: As many as `advice.merges`, in their order.
        currency: Of all money.
        issues: As with `SplitSuggestions`.
    """

    advice: MergeAdvice
    changes: tuple[ReadyChange, ...]
    currency: Currency
    issues: tuple[Issue, ...]

    @property
    def merges(self) -> tuple[tuple[Merge, ReadyChange], ...]:
        """Pairs with their changes, those first that misplace least."""
        return tuple(zip(self.advice.merges, self.changes, strict=True))


def suggest_split(
    workspace: Workspace,
    segment: str,
    *,
    days: int | None = None,
    cost: Decimal | float | None = None,
    progress: Progress | None = None,
) -> SplitSuggestions:
    """How to divide one segment of the current run, judged by later money.

    Args:
        workspace: Whose.
        segment: A leaf's key.
        days: How long the judging period is; None: a quarter of the history, 30 to 180 days.
        cost: Of serving one more segment for such a period; None: what costs by segment say, else 0.
        progress: Is told each stage.
    """
    run = workspace.current
    minor = _minor(run, cost)
    advice = find_splits(run, workspace.engine, segment, days=days, cost=minor, progress=progress)
    file = scheme_text(workspace.settings)
    changes = tuple(_change(workspace, file, partial(_divided, file, segment, each)) for each in advice.splits)
    return SplitSuggestions(advice=advice, changes=changes, currency=run.currency, issues=workspace.schemes.differs())


def suggest_merge(
    workspace: Workspace,
    *,
    days: int | None = None,
    cost: Decimal | float | None = None,
    progress: Progress | None = None,
) -> MergeSuggestions:
    """Which siblings of the current run's scheme behave so much alike that they could be one.

    Args:
        workspace: Whose.
        days: How long the judging period is; None: a quarter of the history, 30 to 180 days.
        cost: Of serving one segment for such a period; None: what costs by segment say, else 0.
        progress: Is told each stage.
    """
    run = workspace.current
    advice = find_merges(run, workspace.engine, days=days, cost=_minor(run, cost), progress=progress)
    file = scheme_text(workspace.settings)
    changes = tuple(_change(workspace, file, partial(_joined, file, each)) for each in advice.merges)
    return MergeSuggestions(advice=advice, changes=changes, currency=run.currency, issues=workspace.schemes.differs())


def race(
    workspace: Workspace,
    one: str | Path,
    other: str | Path,
    *,
    days: int | None = None,
    progress: Progress | None = None,
) -> RaceReport:
    """Which of two schemes says more of later money, over past dates.

    Args:
        workspace: Whose facts.
        one: A file, a scheme's name in `schemes/`, a version's number, or `published`.
        other: Likewise.
        days: How long each period is; None: a quarter of the history, 30 to 180 days.
        progress: Is told each stage.
    """
    schemes = _scheme(workspace, one), _scheme(workspace, other)
    names = str(one), str(other)
    return run_race(workspace.current, workspace.engine, schemes, names, days=days, progress=progress)


def apply(workspace: Workspace, change: ReadyChange) -> Path:
    """Write a change into the scheme's file; gives the file. What runs use changes when it is published.

    Raises:
        CarpelError: There is no change, or the file is no longer what it was made from.
    """
    if change.refinement is None:
        raise CarpelError("workspace.nothing-to-apply", problem=change.problem)
    refinement = change.refinement
    file = workspace.settings.folder / refinement.scheme.name
    written = file.read_bytes()
    if _plain(written) != refinement.source:
        raise CarpelError("workspace.scheme-has-changed", place=refinement.scheme.name)
    beside = file.with_name(f".{file.name}.partial")
    beside.write_bytes(_like(written, refinement.text))
    beside.replace(file)
    return file


def _plain(written: bytes) -> str:
    return written.removeprefix(_BOM).decode("utf-8").replace("\r\n", "\n")


def _like(written: bytes, text: str) -> bytes:
    """The text with the line ends and the mark that the file had."""
    ends = text.replace("\n", "\r\n") if b"\r\n" in written else text
    return (_BOM if written.startswith(_BOM) else b"") + ends.encode("utf-8")


def _minor(run: Run, cost: Decimal | float | None) -> int | None:
    return None if cost is None else run.currency.minor(Decimal(str(cost)))


def _change(workspace: Workspace, file: SchemeText, make: Callable[[], Refinement]) -> ReadyChange:
    """The change, unless the file cannot take it or rules would grow beyond what the language reads."""
    try:
        made = make()
    except CarpelError as error:
        return ReadyChange(problem=error.text)
    before, after = (_errors(workspace, scheme) for scheme in (file.read(), made.scheme))
    new = [issue for issue in after if issue.text not in {each.text for each in before}]
    return ReadyChange(problem=new[0].text) if new else ReadyChange(refinement=made)


def _errors(workspace: Workspace, scheme: Scheme) -> tuple[Issue, ...]:
    found = catalogue_for(scheme, workspace.settings, workspace.current.facts)
    return unsound(scheme, found)


def _divided(file: SchemeText, segment: str, split: Split) -> Refinement:
    return divide(file.text, file.name, segment, split.option)


def _joined(file: SchemeText, pair: Merge) -> Refinement:
    scheme = file.read()
    keys = [side.key for side in pair.sides]
    for key in keys:
        if key not in {leaf.key for leaf in scheme.leaves}:
            raise CarpelError("schemes.suggest-gone", place=file.name, segment=key)
    both = joined(scheme, *keys)
    if both is None:
        raise CarpelError("workspace.merge-is-everyone", place=file.name)
    return join(file.text, file.name, both)


def _scheme(workspace: Workspace, wish: str | Path) -> Scheme:
    """A scheme by file, name, number or `published`."""
    settings, name = workspace.settings, str(wish)
    if name == _PUBLISHED:
        return text_of(settings, find_version(settings, workspace.store)).read()
    if name.isdecimal():
        return text_of(settings, find_version(settings, workspace.store, int(name))).read()
    for path in (Path(wish), settings.folder / name):
        if path.is_file():
            return _read(path)
    names = sorted(path.stem for path in (settings.folder / FOLDER).glob("*.y*ml"))
    if name in names:
        return scheme_text(settings, name).read()
    raise CarpelError("workspace.no-such-scheme", place=name, name=name, hint=nearest(name, [*names, _PUBLISHED]))


def _read(path: Path) -> Scheme:
    try:
        return read_scheme(path.read_text(encoding="utf-8-sig"), str(path))
    except UnicodeDecodeError as error:
        raise CarpelError("kernel.yaml-not-utf8", place=str(path)) from error
    except OSError as error:
        raise CarpelError("kernel.file-unreadable", place=str(path), problem=error.strerror or "") from error
