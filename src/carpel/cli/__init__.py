"""The command line: it translates and delegates."""

from carpel.cli.app import main, run_command

__all__ = ["main", "run_command"]
