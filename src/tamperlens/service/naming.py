"""What a file is called where its bytes, and not its name, are what counts."""


def neutral_name(sha256: str, kind: str) -> str:
    """What the bytes are called in an examination that several pieces of evidence may share.

    One that one person gave would be read by another who handed in the same bytes.
    """
    return f"{sha256[:24]}.{kind.lower()}"
