"""Bring data in: files, their mapping onto facts, quality, staging."""
