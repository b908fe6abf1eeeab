"""Customers as two systems know them: the CRM and, with ids of its own, the web shop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.demo.assortment import content
from carpel.demo.blocks import Block, Flags, Ints, Topic, happens, working_hours
from carpel.demo.columns import DAY_FIRST, DAY_FIRST_TIME, either, numbered, only, picked, words, written
from carpel.demo.people import APP, BUSINESS, CHANNELS, CONSUMER, GOVERNMENT, RESELLER, STAFF, WEB, People
from carpel.kernel.texts import LANGUAGES

TWINS: Final = 0.06
"""Share of the CRM's consumers that also opened an account in the web shop."""

DECIDING_ROLES: Final = 2
"""Owners and purchasers come first in the list of roles."""

_DIALLING: Final = {"PH": "+63", "TW": "+886", "HK": "+852", "CN": "+86", "SG": "+65"}


@dataclass(frozen=True, kw_only=True)
class Register:
    """Who is known where.

    Attributes:
        ids: Each customer's main id: six digits from the CRM, or W and seven digits from the shop.
        shop: Whether the shop knows the customer.
        twin: Whether both systems know the customer, each under its own id.
        shop_ids: The shop's ids.
        name: Names.
        email: E-mail addresses.
        phone: Phone numbers, as people write them.
    """

    ids: Any
    shop: Flags
    twin: Flags
    shop_ids: Any
    name: Any
    email: Any
    phone: Any

    def ids_of(self, owner: Ints, online: Flags) -> Any:
        """Ids on events: twins are known by their shop's id online."""
        main, other = picked(self.ids, owner), picked(self.shop_ids, owner)
        return either(self.twin[owner] & online, other, main)


def online(channel: Ints) -> Flags:
    """Whether a channel is the web shop's."""
    return np.isin(channel, (WEB, APP))


def register(block: Block, people: People) -> Register:
    """The customers of a block as the systems know them."""
    random = block.random(Topic.DETAILS)
    person = people.party == CONSUMER
    born_online = person & online(people.channel) & ~people.inquired
    twin = person & ~born_online & people.buys & (random.random(len(people)) < TWINS)
    shop_ids = numbered("W", people.number, 7)
    name, handle = _names(random, people)
    return Register(
        ids=either(born_online, shop_ids, numbered("", people.number, 6)),
        shop=born_online | twin,
        twin=twin,
        shop_ids=shop_ids,
        name=name,
        email=pc.binary_join_element_wise(handle, pa.array(people.number).cast(pa.string()), "@example.com", ""),
        phone=_phones(random, people),
    )


def crm_table(block: Block, people: People, known: Register) -> Any:
    """The CRM's export of customers: dates day first, Yes and No, ids with leading zeros."""
    random = np.random.default_rng([block.seed, block.index + 1, Topic.DETAILS, 1])
    table = pa.table(
        _identity(people, known)
        | _person_columns(random, block, people)
        | _organisation_columns(random, people)
        | _relation_columns(random, block, people)
    )
    return table.filter(pa.array(~known.shop | known.twin))


def shop_table(block: Block, people: People, known: Register) -> Any:
    """The web shop's accounts; a twin's name and address differ slightly from the CRM's."""
    random = np.random.default_rng([block.seed, block.index + 1, Topic.DETAILS, 2])
    cities = content("names")["cities"]
    signed = block.calendar.moments(people.created, working_hours(random, len(people)))
    table = pa.table(
        {
            "account": known.shop_ids,
            "full_name": either(known.twin, pc.utf8_upper(known.name), known.name),
            "email": either(happens(random, len(people), 0.3), pc.utf8_upper(known.email), known.email),
            "mobile": pc.replace_substring(known.phone, " ", ""),
            "lang": words(LANGUAGES, people.language),
            "country": words([each["country"] for each in cities], people.city),
            "city": words([each["name"] for each in cities], people.city),
            "signed_up": written(signed, "%Y/%m/%d %H:%M"),
            "newsletter": words(("N", "Y"), happens(random, len(people), 0.6).astype(np.int64)),
        }
    )
    return table.filter(pa.array(known.shop))


def contacts_table(block: Block, people: People, known: Register) -> Any:
    """People at organisations: one to three each."""
    random = np.random.default_rng([block.seed, block.index + 1, Topic.DETAILS, 3])
    organisations = np.flatnonzero(people.organisation)
    owner = np.repeat(organisations, random.integers(1, 4, len(organisations)))
    size = len(owner)
    roles = content("names")["roles"]
    role = random.integers(0, len(roles), size)
    name, handle = _person_names(random, people.language[owner])
    number = block.first * 4 + np.arange(size)
    digits = pa.array(number).cast(pa.string())
    return pa.table(
        {
            "ContactNo": numbered("K", number, 8),
            "CustomerNo": picked(known.ids, owner),
            "Name": name,
            "Role": words(roles, role),
            "Decides": words(("No", "Yes"), (role < DECIDING_ROLES).astype(np.int64)),
            "Email": pc.binary_join_element_wise(handle, digits, "@example.org", ""),
            "Phone": picked(known.phone, owner),
        }
    )


def _identity(people: People, known: Register) -> dict[str, Any]:
    cities = content("names")["cities"]
    has_parent = people.parent >= 0
    return {
        "CustomerNo": known.ids,
        "Type": words(("C", "B", "R", "B"), people.party),
        "Legal": words(("individual", "enterprise", "enterprise", "government"), people.party),
        "HeadOffice": only(picked(known.ids, np.maximum(people.parent, 0)), has_parent),
        "Name": known.name,
        "Email": known.email,
        "Mobile": known.phone,
        "Language": words(LANGUAGES, people.language),
    } | {
        column: words([each[key] for each in cities], people.city)
        for column, key in (
            ("Country", "country"),
            ("Region", "region"),
            ("City", "name"),
            ("Area", "settlement"),
            ("Climate", "climate"),
        )
    }


def _person_columns(random: np.random.Generator, block: Block, people: People) -> dict[str, Any]:
    lists, size = content("names"), len(people)
    person = people.party == CONSUMER
    age_days = (365.25 * np.clip(random.normal(41, 13, size), 18, 88)).astype(np.int64)
    rank = np.clip(random.normal(1.4, 0.9, size), 0, 3).astype(np.int64)
    income = np.rint(np.array([14, 26, 55, 140])[rank] * np.exp(random.normal(0, 0.3, size)) * 10) * 100
    birth = written(block.calendar.moments(block.calendar.last - age_days, np.zeros(size, np.int64)), DAY_FIRST)

    def told(column: Any, share: float) -> Any:
        return only(column, person & happens(random, size, share))

    def one_of(values: list[str]) -> Any:
        return words(values, random.integers(0, len(values), size))

    return {
        "BirthDate": told(birth, 0.72),
        "Sex": told(one_of(["F", "M"]), 0.90),
        "CivilStatus": told(one_of(["single", "married", "widowed", "separated"]), 0.65),
        "Household": told(pa.array(1 + random.poisson(2.6, size)), 0.55),
        "Education": told(one_of(lists["educations"]), 0.50),
        "Occupation": told(one_of(lists["occupations"]), 0.60),
        "MonthlyIncome": told(pa.array(income.astype(np.int64)).cast(pa.string()), 0.45),
        "SocialClass": told(words(("E", "D", "C", "AB"), rank), 0.50),
        "Belief": told(one_of(lists["beliefs"]), 0.25),
        "Interests": told(_sets(random, lists["interests"], size), 0.40),
        "Values": told(_sets(random, lists["values"], size), 0.30),
        "Personality": told(one_of(lists["personalities"]), 0.20),
        "Lifestyle": told(one_of(lists["lifestyles"]), 0.30),
    }


def _organisation_columns(random: np.random.Generator, people: People) -> dict[str, Any]:
    industries = content("names")["industries"]
    size = len(people)
    staff = np.maximum(1, people.size * np.exp(random.normal(0.6, 0.5, size))).astype(np.int64)
    revenue = np.rint(staff * 650 * np.exp(random.normal(0, 0.4, size))) * 1000
    limit = np.rint(people.size * 4) * 5000
    organisation = people.organisation
    return {
        "Industry": only(
            words(industries, random.integers(0, len(industries), size)),
            np.isin(people.party, (BUSINESS, RESELLER)) & happens(random, size, 0.9),
        ),
        "Employees": only(pa.array(staff), organisation & happens(random, size, 0.85)),
        "AnnualRevenue": only(
            pa.array(revenue.astype(np.int64)),
            (people.party != GOVERNMENT) & organisation & happens(random, size, 0.6),
        ),
        "CreditRating": only(words(("A", "B", "C"), people.rating), organisation),
        "CreditLimit": only(pa.array(limit.astype(np.int64)), organisation),
    }


def _relation_columns(random: np.random.Generator, block: Block, people: People) -> dict[str, Any]:
    size = len(people)
    created = block.calendar.moments(people.created, working_hours(random, size))
    ways = ("walk-in", "web", "phone", "sales rep", "app", "inquiry")
    consents = [words(("No", "Yes"), happens(random, size, share).astype(np.int64)) for share in (0.7, 0.62, 0.48)]
    return {
        "Created": written(created, DAY_FIRST_TIME),
        "Source": words(ways, np.where(people.inquired, len(CHANNELS), people.channel)),
        "Manager": only(staff_ids(block.index, np.maximum(people.manager, 0)), people.manager >= 0),
        "MayCall": consents[0],
        "MayEmail": consents[1],
        "MayMessage": consents[2],
    }


def staff_ids(block: int, place: Ints) -> Any:
    """Employee ids of a block's team."""
    return numbered("E", block * STAFF + place + 1, 5)


def _names(random: np.random.Generator, people: People) -> tuple[Any, Any]:
    name, handle = _person_names(random, people.language)
    company = _company_names(random, people)
    organisation = people.organisation
    office = pa.array(["office."] * len(people))
    return either(organisation, company, name), either(organisation, office, handle)


def _person_names(random: np.random.Generator, language: Ints) -> tuple[Any, Any]:
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


def _phones(random: np.random.Generator, people: People) -> Any:
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


def _sets(random: np.random.Generator, values: list[str], size: int) -> Any:
    """One to three distinct values, separated by semicolons."""
    order = np.argsort(random.random((size, len(values))), axis=1)[:, :3]
    counts = random.integers(1, 4, size)
    first, second, third = (words(values, order[:, place]) for place in range(3))
    both = pc.binary_join_element_wise(first, second, ";")
    all_three = pc.binary_join_element_wise(both, third, ";")
    return either(counts == 1, first, either(counts == len((first, second)), both, all_three))
