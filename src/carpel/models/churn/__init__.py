"""Who leaves, within what each customer's own rhythm or contract makes a fair time, and what goes with staying."""
