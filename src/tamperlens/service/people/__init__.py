"""Who is asking and what they may do: accounts, passwords, sessions, access.

Public names: none outside the service.
"""
