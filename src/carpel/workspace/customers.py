"""One customer of a run, answered from the narrow index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Labels, text
from carpel.runs import Run
from carpel.runs.moves import Membership
from carpel.schemes import Why, why


@dataclass(frozen=True)
class Customer:
    """One customer as of a run.

    Attributes:
        run: The run that speaks.
        id: The customer's id.
        values: The segment and the attributes that the index keeps, by name; money in minor units.
        stays: Finds where a customer has been.
    """

    run: Run
    id: str
    values: Mapping[str, Any]
    stays: Callable[[str], tuple[Membership, ...]] = field(default=lambda _: (), repr=False, compare=False)

    @classmethod
    def of(cls, run: Run, customer: str) -> Customer:
        """The customer of that id.

        Raises:
            CarpelError: There is none in the run; ids near it are named.
        """
        values = run.index.find(customer)
        if values is None:
            raise _not_found(run, (customer,))
        return cls(run, customer, values)

    @classmethod
    def each_of(cls, run: Run, customers: Iterable[str]) -> tuple[Customer, ...]:
        """The customers of those ids, in the order of the ids.

        Raises:
            CarpelError: Some are not in the run; all of those are named.
        """
        found = [(customer, run.index.find(customer)) for customer in customers]
        missing = tuple(dict.fromkeys(customer for customer, values in found if values is None))
        if missing:
            raise _not_found(run, missing)
        return tuple(cls(run, customer, values) for customer, values in found if values is not None)

    @property
    def segment(self) -> str | None:
        """The leaf segment's key; None outside the base."""
        found: str | None = self.values["segment"]
        return found

    @property
    def labels(self) -> tuple[Labels, ...]:
        """The names of the segments from the top to the leaf."""
        scheme = self.run.scheme
        return tuple(scheme.segment(key).name for key in scheme.paths.get(self.segment or "", ()))

    def label(self, segment: str) -> Labels:
        """A segment's name for people, where it stands alone."""
        return self.run.scheme.title(segment)

    def memberships(self) -> tuple[Membership, ...]:
        """Every stay in a segment that runs recorded, whether or not they are kept; oldest first."""
        return self.stays(self.id)

    def why(self) -> Why:
        """Why the customer is in their segment, and what would change it."""
        run = self.run
        return why(run.scheme, run.cuts, self.values, run.catalogue, run.as_of, currency=run.currency)


def _not_found(run: Run, customers: tuple[str, ...]) -> CarpelError:
    customer, *others = customers
    if others:
        return CarpelError("workspace.no-such-customers", customers=", ".join(customers))
    otherwise = next((each for each in (customer.upper(), customer.lower()) if run.index.find(each)), None)
    near = (otherwise,) if otherwise else run.index.near(customer)
    hint = text("workspace.ids-near", near=", ".join(near)) if near else Labels({})
    return CarpelError("workspace.no-such-customer", customer=customer, hint=hint)
