"""Every place of a run or a publication at which a test may end the process."""

from typing import Final

FAILPOINTS: Final = (
    "runs.locked",
    "runs.cleaned",
    "runs.recorded",
    "runs.folder",
    "staging.landed",
    "staging.prepared",
    "staging.laid-out",
    "staging.before-rename",
    "staging.after-rename",
    "runs.staged",
    "runs.scheme",
    "runs.models",
    "runs.parameters",
    "runs.profiles-bucket",
    "runs.profiles",
    "runs.cuts",
    "runs.assignments-bucket",
    "runs.assignments",
    "runs.checks",
    "runs.index",
    "runs.figures",
    "runs.manifest",
    "runs.synced",
    "runs.renamed",
    "store.make-current",
    "runs.current",
    "runs.pruning",
    "runs.removing",
    "runs.pruned",
)
"""In the order in which a run passes them; those of staging only where a source has changed. `store.make-current` lies
inside the transaction."""

PUBLISHING_FAILPOINTS: Final = (
    "publishing.checked",
    "store.publish",
    "publishing.published",
    "publishing.remembered",
)
"""The same of a publication; `store.publish` lies inside the transaction."""
