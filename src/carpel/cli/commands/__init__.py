"""Every command, in the order in which people need them."""

from carpel.cli.app import carpel
from carpel.cli.commands import (
    attributes,
    check,
    demo,
    explain,
    export,
    init,
    replay,
    run,
    segments,
    sql,
    status,
)

for module in (demo, init, check, run, status, segments, explain, attributes, export, sql, replay):
    carpel.add_command(module.command)
