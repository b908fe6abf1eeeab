"""What people decide and record, and which run is current."""
