"""What the study tells and the platform has no aggregate for yet: decided here, loading it is one function each.

`demo.loading.figures.NOT_THERE_YET` names the same figures; the two go together.
"""

from dataclasses import dataclass
from typing import Final

from demo.district.entities import HARDWARE_MARKET
from demo.district.organisations import market_key, sub_association
from demo.district.places import Places

DEMONSTRATIONS: Final = 3


@dataclass(frozen=True, slots=True)
class Later:
    """What waits for its aggregates.

    Attributes:
        municipal_site: key of the organisation that is the municipal demonstration site 市级示范点.
        district_demonstrations: keys of the district's demonstration organisations 区级示范.
    """

    municipal_site: str
    district_demonstrations: tuple[str, ...]


def later(places: Places) -> Later:
    """Decide on what waits for its aggregates."""
    return Later(
        municipal_site=market_key(HARDWARE_MARKET),
        district_demonstrations=tuple(sub_association(one) for one in places.townships.all[:DEMONSTRATIONS]),
    )
