"""Why a version may not be published."""

from __future__ import annotations

from carpel.governance.differences import Difference
from carpel.governance.versions import SchemeVersion
from carpel.kernel.errors import CarpelError
from carpel.kernel.texts import Labels, Parameter, text


class BaseChanged(CarpelError):  # noqa: N818
    """What is published is not what the draft was made from.

    Attributes:
        published: What is published now.
        base: The version that the draft was made from; None where that is not known.
        difference: What was changed meanwhile; None where the store found out, which compares numbers only.
    """

    def __init__(
        self,
        published: SchemeVersion,
        *,
        base: int | None,
        place: str | None = None,
        difference: Difference | None = None,
    ) -> None:
        key = "governance.base-changed" if base else "governance.base-unknown"
        first: Parameter = difference.summary if difference else Labels({})
        super().__init__(
            key,
            place=place,
            base=base,
            number=published.number,
            author=published.published_by or published.author,
            at=published.published_at,
            comment=text("governance.comment", comment=published.comment) if published.comment else Labels({}),
            changes=first,
        )
        self.published = published
        self.base = base
        self.difference = difference


class NotApproved(CarpelError):  # noqa: N818
    """The scheme names a sponsor, who has not agreed to this text.

    Attributes:
        sponsor: Who must agree.
    """

    def __init__(self, sponsor: str, *, place: str | None = None) -> None:
        super().__init__("governance.not-approved", place=place, sponsor=sponsor)
        self.sponsor = sponsor
