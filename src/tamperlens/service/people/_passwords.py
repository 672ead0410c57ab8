"""Passwords that many others have, or that follow from the account's name, are refused."""

# Below so many guesses (a power of ten) a list of common passwords and simple rules find it.
_LEAST_GUESSES = 6.5
# What the estimate reads; a longer password is not made worse by its end.
_READ = 72


def password_problem(password: str, name: str) -> str | None:
    """Why a password may not be set, a sentence; None when it may.

    Args:
        password: long enough already.
        name: of the account.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - lists of words, only where a password is set

    found = zxcvbn(password[:_READ], user_inputs=[name, "tamperlens", "workbench"])
    if float(found["guesses_log10"]) >= _LEAST_GUESSES:
        return None
    return (
        "this password is a common one, or follows from a common one or the name by a simple rule; "
        "take several words that have nothing to do with each other"
    )
