"""What the files leave open, as questions with a sensible default; and answers on their way back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from carpel.crm import TABLES
from carpel.kernel.errors import CarpelError, nearest
from carpel.kernel.texts import Text, text
from carpel.kernel.types import ValueType
from carpel.sources.proposal.currencies import USUAL, has_money, says_its_currency
from carpel.sources.proposal.discounts import doubtful_discounts, looks_like_percent
from carpel.sources.proposal.evidence import SeenColumn
from carpel.sources.proposal.links import Links
from carpel.sources.proposal.matching import Match, Reading
from carpel.sources.proposal.plan import LEAVE_OUT, Plan, Question, SourcePlan
from carpel.sources.proposal.reasons import examples
from carpel.sources.proposal.revenue import revenue_tables
from carpel.sources.proposal.shapes import Target
from carpel.sources.proposal.unsold import what_is_no_sale

Answers: TypeAlias = Mapping[str, str]
"""For a question's key the chosen answer."""

_CHOICES_SHOWN: Final = 5
_NAMED: Final = 0.05
_COMMA_FORMS: Final = ("decimal comma", "thousands point")
_DECIMAL_FORMS: Final = ("decimal comma", "decimal point")
_WORTH_ASKING: Final = frozenset(
    {Target("customers", "customer_id")}
    | {Target(table.name, each) for table in TABLES.values() for each in (table.time, table.amount) if each}
)


def column_question(source: str, target: Target) -> str:
    """The key of the question which column goes to a target."""
    return f"column.{target.table}.{target.column}.{source}"


def overrides_of(answers: Answers, source: str) -> dict[Target, str]:
    """The columns that answers choose for a source."""
    found: dict[Target, str] = {}
    for key, value in answers.items():
        kind, *rest = key.split(".", 3)
        if kind == "column" and rest[2] == source:
            found[Target(rest[0], rest[1])] = value
    return found


def is_left_out(answers: Answers, source: str) -> bool:
    """Whether an answer leaves a source out."""
    return answers.get(f"rows.{source}") == LEAVE_OUT


def checked(questions: tuple[Question, ...], answers: Answers) -> dict[str, str]:
    """The answers, each to a question that was asked and among its choices.

    Raises:
        CarpelError: An answer is neither; names the nearest.
    """
    asked = {question.key: question for question in questions}
    for key, value in answers.items():
        if key not in asked:
            raise CarpelError("proposal.unknown-question", key=key, hint=nearest(key, asked))
        choices = [choice for choice, _ in asked[key].choices]
        if value not in choices:
            raise CarpelError("proposal.unknown-answer", place=key, value=value, choices=", ".join(choices))
    return dict(answers)


def questions_of(plan: Plan, links: Links, *, asks_currency: bool) -> Iterator[Question]:
    """Everything worth asking, the most important first."""
    readings = links.readings
    yield from _which_files(plan, links)
    for source in plan.sources:
        if source.tables:
            yield from _which_columns(source, readings[source.seen.name])
            yield from _which_readings(source)
            yield from _what_discounts_are(source)
            yield from what_is_no_sale(plan, source)
    if asks_currency and has_money(plan.sources) and not says_its_currency(plan.sources):
        yield _which_currency(plan)
    yield from _which_revenue(plan)
    yield from _won_as_orders(plan)


def _which_columns(source: SourcePlan, reading: Reading) -> Iterator[Question]:
    """For what matters most: which of several columns it is."""
    for target, match in sorted(reading.matches.items()):
        if match.rivals and target in _WORTH_ASKING and source.table(_asked_of(target, source)):
            yield Question(
                key=column_question(source.seen.name, target),
                text=_which(source, target, match),
                choices=tuple(
                    (each, _described(source, each)) for each in (match.column, *match.rivals)[:_CHOICES_SHOWN]
                ),
                default=match.column,
            )


def _which_files(plan: Plan, links: Links) -> Iterator[Question]:
    """Whether files belong together: two of orders may be copies, customers whom nobody names another company's."""
    orders = [source for source in plan.sources if source.table("orders")]
    for source in orders[1:]:
        yield _whether_to_use(source, "ask-second-orders")
    for source in plan.sources:
        if orders and source.table("customers") and source not in orders and not _is_named(source, links):
            yield _whether_to_use(source, "ask-strangers")


def _is_named(source: SourcePlan, links: Links) -> bool:
    """Whether any other file names this one's customers."""
    name = source.seen.name
    return any(links.evidence.referred(name, column.name) >= _NAMED for column in source.seen.columns)


def _whether_to_use(source: SourcePlan, key: str) -> Question:
    return Question(
        key=f"rows.{source.seen.name}",
        text=text(f"proposal.{key}", file=source.seen.title),
        choices=(("use", text("proposal.choice-use")), (LEAVE_OUT, text("proposal.choice-leave-file"))),
        default="use",
    )


def _asked_of(target: Target, source: SourcePlan) -> str:
    return target.table if source.table(target.table) else source.tables[0].table


def _which(source: SourcePlan, target: Target, match: Match) -> Text:
    column = TABLES[target.table].time
    key = (
        "proposal.ask-customer-key"
        if target.column == "customer_id"
        else ("proposal.ask-time" if target.column == column else "proposal.ask-amount")
    )
    return text(key, file=source.seen.title, table=target.table, column=match.column)


def _described(source: SourcePlan, column: str) -> Text:
    return text("proposal.choice-column", column=column, examples=examples(source.seen.by_name[column]))


def ambiguous(source: SourcePlan) -> dict[str, tuple[SeenColumn, ...]]:
    """Mapped columns that can be read in more ways than one, by the question's key; columns alike share one."""
    found: dict[tuple[str, tuple[str, ...]], list[SeenColumn]] = {}
    for column in source.seen.columns:
        decision = column.decision
        others = _other_forms(column)
        if column.name in source.used and others and (column.is_dated or column.is_numeric):
            found.setdefault((decision.format or "", others), []).append(column)
    return {f"reading.{source.seen.name}.{some[0].name}": tuple(some) for some in found.values()}


def _other_forms(column: SeenColumn) -> tuple[str, ...]:
    """Other ways to read the same writing; that a day may be stored as a moment is no doubt about it."""
    return tuple(each for each in column.decision.alternatives if each not in tuple(ValueType))


def _which_readings(source: SourcePlan) -> Iterator[Question]:
    for key, columns in ambiguous(source).items():
        first = columns[0].decision
        usual = first.format or str(first.type)
        yield Question(
            key=key,
            text=text(
                "proposal.ask-reading",
                file=source.seen.title,
                columns=", ".join(each.name for each in columns),
                examples=", ".join(str(each) for each in first.samples[:3]),
            ),
            choices=tuple((each, _as_read(columns[0], each)) for each in (usual, *_other_forms(columns[0]))),
            default=usual,
        )


def speaks_of_decimals(column: SeenColumn, form: str) -> bool:
    """Whether a form, of those that a column allows, says which mark stands before its decimals."""
    asked = column.is_numeric and any(each in _DECIMAL_FORMS for each in column.decision.alternatives)
    return asked and form in (column.decision.format or str(column.decision.type), *_DECIMAL_FORMS)


def decimal_mark(form: str) -> str:
    """The mark before the decimals of a form."""
    return "," if any(each in form for each in _COMMA_FORMS) else "."


def _as_read(column: SeenColumn, form: str) -> Text:
    if not speaks_of_decimals(column, form):
        return text("proposal.choice", value=form)
    return text("proposal.choice-decimal-comma" if decimal_mark(form) == "," else "proposal.choice-decimal-point")


def _what_discounts_are(source: SourcePlan) -> Iterator[Question]:
    for column in doubtful_discounts(source):
        yield Question(
            key=f"discount.{source.seen.name}",
            text=text("proposal.ask-discount", file=source.seen.title, column=column.name, examples=examples(column)),
            choices=(("amount", text("proposal.choice-amount")), ("percent", text("proposal.choice-percent"))),
            default="percent" if looks_like_percent(column) else "amount",
        )


def _which_currency(plan: Plan) -> Question:
    first = plan.currency.value
    codes = (first, *(code for code in USUAL if code != first))
    return Question(
        key="currency",
        text=text("proposal.ask-currency", because=plan.currency.why),
        choices=tuple((code, text("proposal.choice", value=code)) for code in codes),
        default=first,
    )


def _which_revenue(plan: Plan) -> Iterator[Question]:
    there = revenue_tables(plan.sources)
    if len(there) > 1:
        yield Question(
            key="revenue",
            text=text("proposal.ask-revenue"),
            choices=tuple((each, text(f"proposal.table-{each}")) for each in there),
            default=plan.revenue.value,
        )


def _won_as_orders(plan: Plan) -> Iterator[Question]:
    for source in plan.sources:
        if source.table("opportunities") and source.table("orders"):
            yield Question(
                key="won_orders",
                text=text("proposal.ask-won-orders", file=source.seen.title),
                choices=(("yes", text("proposal.choice-won-yes")), ("no", text("proposal.choice-won-no"))),
                default="yes",
            )
            return
