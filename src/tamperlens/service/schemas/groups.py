"""Groups of people, and the sharing of cases with them."""

from apiflask import Schema, fields

from tamperlens.service.schemas.fields import ACCESS, PageIn, chosen, line, page_of


class Member(Schema):
    """A member of a group."""

    user_id = fields.String(required=True)
    name = fields.String(required=True)


class Group(Schema):
    """A group of people."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    created_at = fields.DateTime(required=True)
    members = fields.List(fields.Nested(Member), required=True)


class GroupIn(Schema):
    """A group to create, or its new name."""

    name = line(64, required=True)


class MemberIn(Schema):
    """Name of the person who joins a group."""

    name = line(64, required=True)


class GroupQuery(PageIn):
    """Which groups."""

    search = line(64, shortest=0, load_default="")


class GroupShare(Schema):
    """A group that a case is shared with."""

    group_id = fields.String(required=True)
    name = fields.String(required=True)
    access = chosen(ACCESS, required=True)
    members = fields.List(fields.Nested(Member), required=True)


class GroupShareIn(Schema):
    """Name of the group to share with."""

    name = line(64, required=True)
    access = chosen(ACCESS, required=True)


GroupPage = page_of(Group)
GroupSharePage = page_of(GroupShare)
