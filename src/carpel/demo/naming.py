"""What customers and their people are called, and where they are reached."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.demo.assortment import content
from carpel.demo.blocks import Ints
from carpel.demo.columns import either, numbered, words
from carpel.demo.people import GOVERNMENT, People
from carpel.kernel.texts import LANGUAGES

_DIALLING: Final = {"PH": "+63", "TW": "+886", "HK": "+852", "CN": "+86", "SG": "+65"}


def names(random: np.random.Generator, people: People) -> tuple[Any, Any]:
    """The name of each customer, and what stands before the number in its e-mail address."""
    name, handle = person_names(random, people.language)
    company = _company_names(random, people)
    organisation = people.organisation
    office = pa.array(["office."] * len(people))
    return either(organisation, company, name), either(organisation, office, handle)


def person_names(random: np.random.Generator, language: Ints) -> tuple[Any, Any]:
    """Names in the order and script of each language, with the first part of an address."""
    lists = content("names")["people"]
    turn = random.random((2, len(language)))
    shown: list[str] = []
    handles: list[str] = []
    starts, sizes = [], []
    for each in LANGUAGES:
        pairs = [(given, family) for given in lists[each]["given"] for family in lists[each]["family"]]
        starts.append(len(shown))
        sizes.append(len(pairs))
        western = not each.startswith("zh")
        shown += [f"{given} {family}" if western else f"{family}{given}" for given, family in pairs]
        handles += [_handle(given, family) if western else "member." for given, family in pairs]
    place = np.array(starts)[language] + (turn[0] * np.array(sizes)[language]).astype(np.int64)
    return words(shown, place), words(handles, place)


def _handle(given: str, family: str) -> str:
    plain = f"{given}.{family}".lower().replace(" ", "").replace("ñ", "n")
    return f"{plain}."


def _company_names(random: np.random.Generator, people: People) -> Any:
    lists, cities = content("names"), content("names")["cities"]
    shown: list[str] = []
    starts, sizes = [], []
    for each in LANGUAGES:
        parts = lists["organisations"][each]
        starts.append(len(shown))
        gap = "" if each.startswith("zh") else " "
        shown += [f"{first}{gap}{second}" for first in parts["first"] for second in parts["second"]]
        sizes.append(len(shown) - starts[-1])
    own = people.language
    place = np.array(starts)[own] + (random.random(len(own)) * np.array(sizes)[own]).astype(np.int64)
    parent = people.parent
    place = np.where(parent >= 0, place[np.maximum(parent, 0)], place)
    city = words([each["name"] for each in cities], people.city)
    office = words(lists["offices"], random.integers(0, len(lists["offices"]), len(own)))
    company = words(shown, place)
    local = either(people.party == GOVERNMENT, office, company)
    located = (parent >= 0) | (people.party == GOVERNMENT)
    return either(located, pc.binary_join_element_wise(local, city, ", "), company)


def phones(random: np.random.Generator, people: People) -> Any:
    """The same kind of number in three ways of writing."""
    cities = content("names")["cities"]
    size = len(people)
    code = words([_DIALLING[each["country"]] for each in cities], people.city)
    area = pa.array(random.integers(905, 1000, size)).cast(pa.string())
    front = numbered("", random.integers(0, 1000, size), 3)
    back = numbered("", random.integers(0, 10_000, size), 4)
    forms = (
        pc.binary_join_element_wise(code, area, front, back, " "),
        pc.binary_join_element_wise(code, area, front, back, ""),
        pc.binary_join_element_wise(pc.binary_join_element_wise("0", area, ""), front, back, "-"),
    )
    turn = random.integers(0, 3, size)
    return either(turn == 0, forms[0], either(turn == 1, forms[1], forms[2]))
