"""Accounts: set-up, sessions, users, invitations, tokens."""

from apiflask import Schema, fields
from marshmallow.validate import Length, Range

from tamperlens.service.schemas.fields import ROLES, PageIn, chosen, line, page_of, secret

SHORTEST_PASSWORD = 12
SCOPES = ("read", "write")


def _new_password() -> fields.String:
    """A password to be set; long ones are welcome."""
    field = secret(required=True, metadata={"description": f"{SHORTEST_PASSWORD} characters at least"})
    field.validators.append(Length(min=SHORTEST_PASSWORD))
    return field


class SetupState(Schema):
    """Whether the first administrator is still missing, and how one signs in."""

    needed = fields.Boolean(required=True)
    provider = fields.String(
        required=True, allow_none=True, metadata={"description": "host through which one may sign in too"}
    )


class ProviderAnswer(Schema):
    """With what the browser comes back from the provider."""

    code = secret(metadata={"description": "of the provider"})
    state = secret(metadata={"description": "of this sign-in"})
    error = secret(metadata={"description": "why the provider refused"})
    iss = secret(metadata={"description": "the provider"})
    session_state = secret(metadata={"description": "of the provider; not used"})


class SetupIn(Schema):
    """The first administrator."""

    token = secret(required=True)
    name = line(64, required=True)
    password = _new_password()


def _code() -> fields.String:
    """Of a second factor, where the account has one."""
    return secret(
        metadata={"description": "of the authenticator, or a recovery code; where there is a factor"}
    )


class SignIn(Schema):
    """Name and password."""

    name = line(64, required=True)
    password = secret(required=True)
    code = _code()


class Me(Schema):
    """Who is signed in."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    role = chosen(ROLES, required=True)
    csrf_token = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "to be sent as X-CSRF-Token with every write; null for API tokens"},
    )
    must_enrol = fields.Boolean(
        required=True, metadata={"description": "nothing is let through before a second factor is set up"}
    )
    max_upload_bytes = fields.Integer(
        required=True, metadata={"description": "of one file; a larger one is refused"}
    )


class PasswordIn(Schema):
    """A change of one's own password; every other session ends."""

    current = secret(required=True)
    new = _new_password()


class User(Schema):
    """An account."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    role = chosen(ROLES, required=True)
    state = chosen(("invited", "active", "disabled"), required=True)
    email = fields.String(required=True, allow_none=True)
    second_factor = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    seen_at = fields.DateTime(required=True, allow_none=True)


class Handover(Schema):
    """How many cases were passed on."""

    cases = fields.Integer(required=True)


def _email() -> fields.String:
    """By which a provider of identities knows somebody."""
    known = {"description": "by which a provider of identities knows them; it must have verified it"}
    return line(254, allow_none=True, metadata=known)


class UserIn(Schema):
    """An account to be made."""

    name = line(64, required=True)
    role = chosen(ROLES, required=True)
    email = _email()


class UserChange(Schema):
    """What an administrator changes."""

    role = chosen(ROLES)
    disabled = fields.Boolean()
    email = _email()


class Invitation(Schema):
    """A link that is shown once and works once."""

    user = fields.Nested(User, required=True)
    token = fields.String(required=True)
    link = fields.String(
        required=True, metadata={"description": "path and fragment on this server: /invitation#TOKEN"}
    )
    expires_at = fields.DateTime(required=True)


class InvitationToken(Schema):
    """The secret of an invitation."""

    token = secret(required=True)


class InvitationFor(Schema):
    """Whom an invitation is for."""

    name = fields.String(required=True)
    role = chosen(ROLES, required=True)
    expires_at = fields.DateTime(required=True)


class InvitationAccept(InvitationToken):
    """A password for the invited account."""

    password = _new_password()
    code = _code()


class Token(Schema):
    """An API token, without its secret."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    scope = chosen(SCOPES, required=True)
    created_at = fields.DateTime(required=True)
    expires_at = fields.DateTime(required=True)
    used_at = fields.DateTime(required=True, allow_none=True)


class TokenIn(Schema):
    """An API token to be made."""

    name = line(64, required=True)
    days = fields.Integer(load_default=90, validate=Range(1, 366))
    scope = chosen(SCOPES, load_default="write", metadata={"description": "read: it changes nothing"})


class NewToken(Token):
    """An API token with its secret, which is shown this once."""

    secret = fields.String(required=True)


class UserQuery(PageIn):
    """Which accounts."""

    search = line(64, shortest=0, load_default="")


UserPage = page_of(User)
TokenPage = page_of(Token)
