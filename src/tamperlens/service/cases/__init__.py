"""Cases and their evidence as lists, views and signed bundles.

Public names: none outside the service.
"""
