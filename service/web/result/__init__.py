"""The result of a business, and what it says to each suggestion."""
