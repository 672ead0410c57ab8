"""The tables. Secrets are stored as SHA-256 or bcrypt, or encrypted if they must be read; never in the clear.

Public names: none outside the service; further `Annotation`, `Answer`, `Case`, `Conclusion`, `Draft`,
`Evidence`, `Factor`, `Finding`, `Group`, `GroupMember`, `GroupShare`, `Head`, `Hold`, `Identity`,
`Invitation`, `Note`, `Original`, `Picture`, `Rate`, `Record`, `RecoveryCode`, `Removal`, `Review`,
`Searched`, `Session`, `Share`, `Table`, `Tag`, `Token`, `User`, `Webhook`, `new_key`, `now`.
"""

from tamperlens.service._tables._base import Searched, Table, new_key, now
from tamperlens.service._tables._cases import Case, GroupShare, Hold, Share
from tamperlens.service._tables._evidence import Evidence, Finding, Original, Picture, Removal
from tamperlens.service._tables._ledger import Head, Record
from tamperlens.service._tables._people import (
    Factor,
    Group,
    GroupMember,
    Identity,
    Invitation,
    RecoveryCode,
    Session,
    Token,
    User,
)
from tamperlens.service._tables._traffic import Answer, Rate, Webhook
from tamperlens.service._tables._written import Annotation, Conclusion, Draft, Note, Review, Tag

__all__ = [
    "Annotation",
    "Answer",
    "Case",
    "Conclusion",
    "Draft",
    "Evidence",
    "Factor",
    "Finding",
    "Group",
    "GroupMember",
    "GroupShare",
    "Head",
    "Hold",
    "Identity",
    "Invitation",
    "Note",
    "Original",
    "Picture",
    "Rate",
    "Record",
    "RecoveryCode",
    "Removal",
    "Review",
    "Searched",
    "Session",
    "Share",
    "Table",
    "Tag",
    "Token",
    "User",
    "Webhook",
    "new_key",
    "now",
]
