"""A run from sources to publication: order, manifest, checks, replay."""
