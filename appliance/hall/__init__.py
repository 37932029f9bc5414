"""The front door: the ``hall`` command, the configuration, the roles and the demo."""

__version__ = "0.1.0"
