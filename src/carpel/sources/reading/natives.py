"""Columns that a file has typed itself: the type stands, unless a name or the values say what it really is."""

from __future__ import annotations

from collections.abc import Iterator

from carpel.kernel.types import ValueType
from carpel.sources.reading import words
from carpel.sources.reading.candidates import Group, Rival
from carpel.sources.reading.readings import EXACT, AsEpoch, Native, Reading
from carpel.sources.reading.tables import Kind, RawColumn
from carpel.sources.reading.wishes import COMPACT, EPOCHS, Wish

_V = ValueType
_IDS = frozenset({_V.ID, _V.TEXT, _V.CATEGORY})


def native_groups(column: RawColumn, wish: Wish) -> tuple[Group, ...]:
    """The groups to try in turn; the last always fits."""
    if wish.type is not None:
        return (Group((Rival(_wished(column, wish.type, wish.form), wish.type.value),), share=0),)
    if column.kind in {Kind.INTEGER, Kind.FLOAT, Kind.DECIMAL}:
        return (*_whole(column), *_any_number(column))
    if column.kind is Kind.INSTANT:
        day = Group((Rival(_midnight(column), "date"),), also=("instant",))
        return (day, _always(Native(_V.INSTANT, column.native), "instant"))
    fixed = {Kind.BOOLEAN: _V.BOOLEAN, Kind.DATE: _V.DATE, Kind.ZONED: _V.INSTANT}[column.kind]
    return (_always(Native(fixed, column.native, zoned=column.kind is Kind.ZONED), fixed.value),)


def _always(reading: Reading, words: str) -> Group:
    return Group((Rival(reading, words),), share=0)


def _whole(column: RawColumn) -> Iterator[Group]:
    """Whole numbers, also those that a float holds: keys, days written as 20190214, seconds since 1970, counts."""
    whole = _integer(column)
    if words.hints_id(column.name):
        text = f"CAST({whole} AS VARCHAR)"
        yield Group((Rival(Native(_V.ID, text), "id"),), also=("integer",))
        return
    day = Native(_V.DATE, _compact(whole), form=COMPACT)
    yield Group((Rival(day, COMPACT),), also=("integer",), earliest=1900, latest=2100)
    if words.hints_time(column.name):
        for milliseconds in (False, True):
            moment = Native(_V.INSTANT, AsEpoch(milliseconds).sql(whole), form=EPOCHS[milliseconds], zoned=True)
            yield Group((Rival(moment, EPOCHS[milliseconds]),), also=("integer",), earliest=1990, latest=2060)
    yield Group((Rival(Native(_V.INTEGER, whole), "integer"),))


def _any_number(column: RawColumn) -> Iterator[Group]:
    """Decimals where six places hold every value exactly, else doubles."""
    yield Group((Rival(Native(_V.NUMBER, _exact(column)), "number"),))
    yield _always(Native(_V.NUMBER, f"CAST({column.native} AS DOUBLE)"), "number")


def _integer(column: RawColumn) -> str:
    if column.kind is Kind.INTEGER:
        return f"CAST({column.native} AS BIGINT)"
    return f"CASE WHEN {column.native} = floor({column.native}) THEN TRY_CAST({column.native} AS BIGINT) END"


def _exact(column: RawColumn) -> str:
    """A double's shortest text is what was meant: 9.8, not 9.800000190734863."""
    if column.kind is not Kind.FLOAT:
        return f"TRY_CAST({column.native} AS {EXACT})"
    written = f"CAST({column.native} AS VARCHAR)"
    narrow = f"TRY_CAST({written} AS DECIMAL(18, 6))"
    return f"CASE WHEN CAST({narrow} AS DOUBLE) = {column.native} THEN CAST({narrow} AS {EXACT}) END"


def _compact(whole: str) -> str:
    day = f"CAST(try_strptime(CAST({whole} AS VARCHAR), '%Y%m%d') AS DATE)"
    return f"CASE WHEN {whole} BETWEEN 19000101 AND 21001231 THEN {day} END"


def _midnight(column: RawColumn) -> Native:
    value = f"CASE WHEN {column.native} = date_trunc('day', {column.native}) THEN CAST({column.native} AS DATE) END"
    return Native(_V.DATE, value)


def _wished(column: RawColumn, wish: ValueType, form: str | None) -> Reading:
    if wish in _IDS:
        return Native(wish, _text(column))
    if wish in {_V.DATE, _V.INSTANT}:
        return Native(wish, _moment(column, wish, form), form=form, zoned=column.kind is Kind.ZONED)
    number = column.kind in {Kind.INTEGER, Kind.FLOAT, Kind.DECIMAL}
    if wish is _V.BOOLEAN:
        truth = f"CASE {column.native} WHEN 1 THEN true WHEN 0 THEN false END" if number else column.native
        return Native(wish, truth if number or column.kind is Kind.BOOLEAN else "NULL::BOOLEAN")
    if not number:
        truth = f"CAST({column.native} AS BIGINT)" if column.kind is Kind.BOOLEAN else "NULL::BIGINT"
        return Native(wish, truth if wish is _V.INTEGER else f"CAST({truth} AS {EXACT})")
    if wish is _V.INTEGER:
        return Native(wish, _integer(column))
    return Native(wish, _exact(column))


def _text(column: RawColumn) -> str:
    """As text: a whole float without `.0`, a midnight without its time."""
    if column.kind in {Kind.FLOAT, Kind.DECIMAL}:
        return f"coalesce(CAST({_integer(column)} AS VARCHAR), {column.text})"
    if column.kind is Kind.INSTANT:
        return f"coalesce(CAST({_midnight(column).value} AS VARCHAR), {column.text})"
    return column.text


def _moment(column: RawColumn, wish: ValueType, form: str | None) -> str:
    to = "DATE" if wish is _V.DATE else "TIMESTAMP"
    if column.kind in {Kind.DATE, Kind.INSTANT, Kind.ZONED}:
        return f"CAST({column.native} AS {to})"
    if column.kind is Kind.BOOLEAN:
        return f"NULL::{to}"
    whole = _integer(column)
    seconds, milliseconds = (AsEpoch(each).sql(whole) for each in (False, True))
    if form in EPOCHS:
        return f"CAST({milliseconds if form == EPOCHS[1] else seconds} AS {to})"
    counted = f"CASE WHEN abs({whole}) < 100000000000 THEN {seconds} ELSE {milliseconds} END"
    return f"CAST(coalesce({_compact(whole)}, {counted}) AS {to})"
