"""Refuses passwords that are common, or easily derived from the account's name."""

# log10 of the guesses that a password must withstand: with fewer, common passwords and simple rules find it.
_LEAST_GUESSES = 6.5
# Characters that the estimate reads; the rest of a longer password cannot make it weaker.
_READ = 72


def password_problem(password: str, name: str) -> str | None:
    """Why a password may not be set, as a sentence; None if it may.

    Args:
        password: already known to be long enough.
        name: name of the account.
    """
    from zxcvbn import zxcvbn  # noqa: PLC0415 - word lists, only needed here

    found = zxcvbn(password[:_READ], user_inputs=[name, "tamperlens", "workbench"])
    if float(found["guesses_log10"]) >= _LEAST_GUESSES:
        return None
    return (
        "this password is a common one, or follows from a common one or the name by a simple rule; "
        "take several words that have nothing to do with each other"
    )
