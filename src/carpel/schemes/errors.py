"""What can be wrong with a scheme."""

from carpel.kernel.errors import CarpelError


class SchemeError(CarpelError):
    """A scheme that cannot be used as it is written; the place says where."""
