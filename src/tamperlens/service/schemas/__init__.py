"""Schemas of requests and answers, one file per subject; the OpenAPI document is made from these."""
