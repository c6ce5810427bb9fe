"""Matches businesses to digital platforms; knows nothing of the web or of a database."""
