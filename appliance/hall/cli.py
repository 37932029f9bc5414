"""The ``hall`` command."""

import click


@click.group()
def main() -> None:
    """Hall: one Raspberry Pi, one township service hall."""
