"""One module for each command; its `command` is imported when it is called."""
