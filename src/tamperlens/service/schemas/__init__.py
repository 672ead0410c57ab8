"""What travels over HTTP, one file a subject; the OpenAPI document is made from these."""
