"""The command line: it translates and delegates."""

from carpel.cli import commands
from carpel.cli.app import main, run_command

__all__ = ["commands", "main", "run_command"]
