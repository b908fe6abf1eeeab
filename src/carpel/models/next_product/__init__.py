"""What each customer buys next, when, and why."""
