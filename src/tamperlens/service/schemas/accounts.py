"""Accounts: set-up, sessions, users, invitations, tokens."""

from apiflask import Schema, fields
from marshmallow.validate import Length, Range

from tamperlens.service.schemas.fields import ROLES, PageIn, chosen, line, page_of, secret

SHORTEST_PASSWORD = 12
SCOPES = ("read", "write")


def _new_password() -> fields.String:
    """A new password; long ones are welcome."""
    field = secret(required=True, metadata={"description": f"at least {SHORTEST_PASSWORD} characters"})
    field.validators.append(Length(min=SHORTEST_PASSWORD))
    return field


class SetupState(Schema):
    """Whether the first administrator is still missing, and how to sign in."""

    needed = fields.Boolean(required=True)
    provider = fields.String(
        required=True, allow_none=True, metadata={"description": "host of the identity provider, if any"}
    )


class ProviderAnswer(Schema):
    """Parameters with which the browser returns from the provider."""

    code = secret(metadata={"description": "authorization code from the provider"})
    state = secret(metadata={"description": "state of this sign-in"})
    error = secret(metadata={"description": "why the provider refused"})
    iss = secret(metadata={"description": "the provider"})
    session_state = secret(metadata={"description": "sent by some providers; not used"})


class SetupIn(Schema):
    """The first administrator."""

    token = secret(required=True)
    name = line(64, required=True)
    password = _new_password()


def _code() -> fields.String:
    """Code of a second factor, if the account has one."""
    return secret(
        metadata={"description": "code of the authenticator, or a recovery code; only with a second factor"}
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
        metadata={"description": "send it as X-CSRF-Token with every write; null for API tokens"},
    )
    must_enrol = fields.Boolean(
        required=True, metadata={"description": "everything else is refused until a second factor is set up"}
    )
    max_upload_bytes = fields.Integer(
        required=True, metadata={"description": "size limit of a file in bytes"}
    )


class PasswordIn(Schema):
    """A change of your own password; all your other sessions end."""

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
    """How many cases were handed over."""

    cases = fields.Integer(required=True)


def _email() -> fields.String:
    """E-mail address of a person at the identity provider."""
    known = {"description": "address at the identity provider, which must have verified it"}
    return line(254, allow_none=True, metadata=known)


class UserIn(Schema):
    """An account to create."""

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
    """An API token to create."""

    name = line(64, required=True)
    days = fields.Integer(load_default=90, validate=Range(1, 366))
    scope = chosen(SCOPES, load_default="write", metadata={"description": "read: it cannot change anything"})


class NewToken(Token):
    """An API token with its secret, which is shown only once."""

    secret = fields.String(required=True)


class UserQuery(PageIn):
    """Which accounts."""

    search = line(64, shortest=0, load_default="")


UserPage = page_of(User)
TokenPage = page_of(Token)
