"""An election held as a gathering is that of its organisation's profile, until it is corrected or withdrawn."""

from datetime import date
from uuid import UUID

from contracts.events.ledgers.organisations import OrganisationChanged, RecordedOrganisation
from contracts.vocabulary import OrganisationState
from kit.command_routes import Commanded
from kit.outbox import tell
from services.ledgers.domain.election import Standing, standing
from services.ledgers.repository.elections import election_held, election_stated
from services.ledgers.repository.organisations import find_organisation, write_organisation


async def follow_elections(commanded: Commanded, organisation_id: UUID, day: date) -> RecordedOrganisation | None:
    """Let an organisation say what its elections come to, and tell it; None where it says so already.

    Args:
        commanded: the command under way; its gathering is written.
        organisation_id: the organisation, locked. A dissolved one stays as it was told last.
        day: from which it holds, Asia/Shanghai.
    """
    connection = commanded.connection
    known = await find_organisation(connection, organisation_id)
    if known is None:
        raise LookupError(organisation_id)
    if known.state is OrganisationState.DISSOLVED:
        return None
    stated, held = await election_stated(connection, organisation_id), await election_held(connection, organisation_id)
    facts = election_facts(standing(known.form, stated, held))
    if all(getattr(known, name) == value for name, value in facts.items()):
        return None
    changed = OrganisationChanged.model_validate(
        known.model_dump()
        | facts
        | {
            "version": known.version + 1,
            "effective_on": max(day, known.effective_on),
            "recorded_at": commanded.clock.now(),
        }
    )
    await write_organisation(connection, changed)
    await tell(connection, [commanded.told(changed)])
    return changed


def election_facts(found: Standing) -> dict[str, object]:
    """Return what an organisation's elections come to, by its names in the event."""
    return {
        "last_elected_on": found.last_on,
        "election_due_on": found.due_on,
        "election_put_off_to": found.put_off_to,
    }
