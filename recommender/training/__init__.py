"""From data to a model in the registry."""
