"""What a business lets us do with its answers, its result, and what it says to each suggestion."""
