"""For those who help their neighbours: one business after another, each handed to its owner."""
