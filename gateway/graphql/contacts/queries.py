"""What can be asked of contacts."""

import strawberry

from gateway import tables
from gateway.graphql.contacts.filters import contact_list
from gateway.graphql.contacts.types import Contact
from gateway.graphql.pages import Connection
from gateway.graphql.sources import Argument, by_key, id_key


@strawberry.type
class ContactQueries:
    """What can be asked of contacts."""

    contact: Contact | None = by_key(
        tables.Contact,
        [id_key("contact_id", Argument("id", strawberry.ID, "Id of the contact 联系人编号"))],
        newest="recorded_at",
        description="One contact by id, for who may see members; null for others 按编号查询联系人，仅限授权者",
    )
    contacts: Connection[Contact] = contact_list(
        "Contacts by pages, for who may see members; empty for others 分页查询联系人，仅限授权者"
    )
