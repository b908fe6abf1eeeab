"""A proposal: carpel.yaml for some files, what was understood of them, and what to ask."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from carpel.kernel.dates import zone
from carpel.kernel.money import Currency
from carpel.kernel.progress import Progress, Silent
from carpel.kernel.texts import DEFAULT_LANGUAGE, Text, text
from carpel.sources.proposal.asking import Answers, checked, is_left_out
from carpel.sources.proposal.evidence import Evidence
from carpel.sources.proposal.looking import look
from carpel.sources.proposal.plan import Plan, Question, SourcePlan
from carpel.sources.proposal.planning import make_plan
from carpel.sources.proposal.writing import written

_NAMES_SHOWN: Final = 12


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What carpel.yaml should say of some files.

    Attributes:
        plan: The mapping, each decision with its reason.
        evidence: What was seen of the files.
        folder: The workspace's folder.
        answers: What a person has answered so far.
        given: What was given from the start: the workspace's name, currency and time zone.
        language: The language of the comments in `settings`.
    """

    plan: Plan
    evidence: Evidence
    folder: Path
    answers: Answers = field(default_factory=dict)
    given: Mapping[str, str | None] = field(default_factory=dict)
    language: str = DEFAULT_LANGUAGE

    @property
    def settings(self) -> str:
        """The text of carpel.yaml."""
        return written(self.plan, str(self.folder), self.language)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the files leave open; every question has a default, which `settings` takes."""
        return tuple(each for each in self.plan.questions if each.key not in self.answers)

    @property
    def revenue(self) -> str:
        """The table that is the company's revenue."""
        return self.plan.revenue.value

    @property
    def tables(self) -> tuple[str, ...]:
        """The fact tables that the files feed."""
        return tuple(dict.fromkeys(table.table for source in self.plan.sources for table in source.tables))

    @property
    def understood(self) -> tuple[Text, ...]:
        """What each file was taken to be, and what goes where."""
        return tuple(_understood(self.plan))

    @property
    def unmapped(self) -> tuple[Text, ...]:
        """Columns that have no place among the facts, and files that nothing was made of."""
        return tuple(_unmapped(self.plan, self.answers))

    @property
    def next_steps(self) -> tuple[Text, ...]:
        """What to do now."""
        return tuple(_next_steps(self.plan))

    def answer(self, answers: Answers) -> Proposal:
        """The proposal with some questions answered.

        Raises:
            CarpelError: There is no such question, or the answer is none of its choices.
        """
        known = {**self.answers, **checked(self.questions, answers)}
        return replace(self, plan=_plan(self.evidence, known, self.given), answers=known)


def propose(
    paths: Sequence[Path],
    *,
    workspace: str,
    folder: Path | None = None,
    currency: str | None = None,
    time_zone: str = "UTC",
    language: str = DEFAULT_LANGUAGE,
    progress: Progress | None = None,
) -> Proposal:
    """Look at files and propose how their columns become facts.

    Args:
        paths: Files, folders and patterns.
        workspace: The workspace's name.
        folder: Where the workspace will be; paths are written relative to it where that is possible.
        currency: The reporting currency's code; None asks.
        time_zone: Where days are cut.
        language: The language of the comments in carpel.yaml.
        progress: Is told each stage.

    Raises:
        CarpelError: There are no files, one cannot be read, or nothing in them is recognisable as a customer.
    """
    zone(time_zone)
    code = Currency(currency.strip().upper()).code if currency else None
    given = {"workspace": workspace, "currency": code, "time_zone": time_zone}
    evidence = look(paths, progress or Silent())
    return Proposal(
        plan=_plan(evidence, {}, given),
        evidence=evidence,
        folder=folder if folder is not None else Path(workspace),
        given=given,
        language=language,
    )


def _plan(evidence: Evidence, answers: Answers, given: Mapping[str, str | None]) -> Plan:
    return make_plan(
        evidence,
        answers,
        workspace=given["workspace"] or "",
        currency=given["currency"],
        time_zone=given["time_zone"] or "UTC",
    )


def _understood(plan: Plan) -> Iterator[Text]:
    for source in plan.sources:
        yield text("proposal.understood-file", file=source.seen.title, what=source.why)
        for table in source.tables:
            pairs = ", ".join(f"{each.name} ← {_shown(each.columns, each.form)}" for each in table.columns)
            yield text("proposal.understood-table", table=table.table, columns=pairs)
    for attribute in plan.attributes:
        yield text("proposal.understood-attribute", name=attribute.key, value=attribute.value)


def _shown(columns: Sequence[str], form: object) -> str:
    if columns:
        return " + ".join(" ".join(each.split()) for each in columns)
    return repr(form["value"]) if isinstance(form, Mapping) and "value" in form else ""


def _unmapped(plan: Plan, answers: Answers) -> Iterator[Text]:
    for source in plan.sources:
        left = [each.name for each in source.seen.columns if each.name not in source.used]
        if left and source.tables:
            yield text("proposal.left-kept", file=source.seen.title, count=len(left), columns=_listed(left))
    for seen in plan.unused:
        key = "proposal.left-out-file" if is_left_out(answers, seen.name) else "proposal.unused-file"
        yield text(key, file=seen.title, columns=_listed([each.name for each in seen.columns]))
    if plan.attributes and not any(_has_events(source) for source in plan.sources):
        yield text("proposal.no-transactions")


def _has_events(source: SourcePlan) -> bool:
    return any(table.table not in {"customers", "products", "employees", "contacts"} for table in source.tables)


def _listed(names: Sequence[str]) -> str:
    shown = [" ".join(each.split()) for each in names[:_NAMES_SHOWN]]
    return ", ".join(shown) + ("…" if len(names) > _NAMES_SHOWN else "")


def _next_steps(plan: Plan) -> Iterator[Text]:
    yield text("proposal.next-review")
    if not plan.attributes and not any(_has_events(source) for source in plan.sources):
        yield text("proposal.next-add-orders")
    yield text("proposal.next-run")
    yield text("proposal.next-segments")
