"""Putting a simulated device at the far end of a wire: what every simulator shares, and no device knows."""

from halldrivers.simwire.machine import ByteMachine
from halldrivers.simwire.server import SimServer, serve, serve_pty, serve_tcp, serve_transport

__all__ = ["ByteMachine", "SimServer", "serve", "serve_pty", "serve_tcp", "serve_transport"]
