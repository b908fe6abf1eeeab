"""The demo company: a believable wholesaler and retailer, generated with real structure to find."""

from carpel.demo.generate import BLOCK_SIZE, Company, generate
from carpel.demo.planted import CrossSell, Planted

__all__ = ["BLOCK_SIZE", "Company", "CrossSell", "Planted", "generate"]
