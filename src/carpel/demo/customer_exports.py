"""Customers as two systems export them: the CRM, with people at organisations, and the web shop."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from carpel.demo.assortment import content
from carpel.demo.blocks import Block, Topic, happens, working_hours
from carpel.demo.columns import DAY_FIRST, DAY_FIRST_TIME, either, numbered, only, picked, words, written
from carpel.demo.naming import person_names
from carpel.demo.people import BUSINESS, CHANNELS, CONSUMER, GOVERNMENT, RESELLER, People
from carpel.demo.register import Register, staff_ids
from carpel.kernel.texts import LANGUAGES

DECIDING_ROLES: Final = 2
"""Owners and purchasers come first in the list of roles."""


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
    name, handle = person_names(random, people.language[owner])
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


def _sets(random: np.random.Generator, values: list[str], size: int) -> Any:
    """One to three distinct values, separated by semicolons."""
    order = np.argsort(random.random((size, len(values))), axis=1)[:, :3]
    counts = random.integers(1, 4, size)
    first, second, third = (words(values, order[:, place]) for place in range(3))
    both = pc.binary_join_element_wise(first, second, ";")
    all_three = pc.binary_join_element_wise(both, third, ";")
    return either(counts == 1, first, either(counts == len((first, second)), both, all_three))
