"""Migrations of the tables, run by `Database.upgrade`."""
