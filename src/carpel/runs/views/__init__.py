"""What pages and REST show of a run: frozen values, of which the expensive are worked out once, when a run is made."""
