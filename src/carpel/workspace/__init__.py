"""The Python API: one small namespace per stage."""
