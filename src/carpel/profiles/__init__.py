"""One profile per customer as of a date: the attribute catalogue and how it is computed."""
