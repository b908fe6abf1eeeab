"""What customers are worth and what they will do next: models whose outputs become attributes."""
