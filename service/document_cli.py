"""The commands that print what other programs read: the document of the API, and alerting rules."""

import json

import click

from service.api.openapi import document_of
from service.app import create_app
from service.settings import Settings
from service.telemetry.alerts import as_yaml


@click.command()
@click.pass_obj
def openapi(settings: Settings) -> None:
    """Print the OpenAPI document of the API."""
    click.echo(json.dumps(document_of(create_app(settings)), indent=2, ensure_ascii=False))


@click.command()
def alerts() -> None:
    """Print the alerting rules of Prometheus: `smedx alerts > rules.yml`."""
    click.echo(as_yaml(), nl=False)
