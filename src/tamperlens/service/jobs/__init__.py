"""Jobs: the queue, its workers, and what is made of an image in a confined process.

Public names: none outside the service.
"""
