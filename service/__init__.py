"""The service: an API, the pages, and what they keep."""
