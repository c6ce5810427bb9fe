"""What another policy would have reached, told from the log of the one that ran."""
