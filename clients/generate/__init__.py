"""Writes the clients from the OpenAPI document: `make clients`."""
