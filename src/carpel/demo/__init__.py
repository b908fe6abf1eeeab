"""The demo company: invented, seeded, with real structure to find."""
