"""HTTP: the application, its front, routes, schemas and headers.

Public names: none outside the service.
"""
