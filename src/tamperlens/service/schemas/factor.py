"""Your own second factor."""

from apiflask import Schema, fields

from tamperlens.service.schemas.fields import secret


class FactorState(Schema):
    """Whether an account has a second factor."""

    on = fields.Boolean(required=True)
    recovery_codes = fields.Integer(required=True, metadata={"description": "how many are left"})
    demanded = fields.Boolean(required=True, metadata={"description": "required of everybody here"})


class FactorBegin(Schema):
    """The password, before a second factor is set up."""

    password = secret(required=True)


class FactorBegun(Schema):
    """The secret for an authenticator; shown only once."""

    secret = fields.String(required=True, metadata={"description": "base32"})
    address = fields.String(required=True, metadata={"description": "otpauth://totp/…"})


class FactorCode(Schema):
    """A code of the authenticator, or a recovery code."""

    code = secret(required=True)


class RecoveryCodes(Schema):
    """Recovery codes, each of which works once; shown only once."""

    codes = fields.List(fields.String(), required=True)
