"""An issue, as scripts read it."""

from __future__ import annotations

from pydantic import BaseModel

from carpel.kernel.issues import Issue


class IssueWire(BaseModel):
    """Something that somebody should look at: `code` is the same in every language, `message` in the reader's."""

    severity: str
    code: str
    place: str
    message: str
    count: int | None
    examples: list[str]

    @classmethod
    def of(cls, issue: Issue, language: str) -> IssueWire:
        """As a reader of a language sees it."""
        return cls(
            severity=issue.severity.value,
            code=issue.code,
            place=issue.place,
            message=issue.text.render(language),
            count=issue.count,
            examples=list(issue.examples),
        )
