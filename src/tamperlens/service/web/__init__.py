"""HTTP: the application, its front, routes, schemas and headers.

Public names: none outside the service; further `Address`, `create_app`, `free_port`, `serve`.
"""

from tamperlens.service.web._app import create_app
from tamperlens.service.web._server import Address, free_port, serve

__all__ = [
    "Address",
    "create_app",
    "free_port",
    "serve",
]
