"""What pages and REST show."""
