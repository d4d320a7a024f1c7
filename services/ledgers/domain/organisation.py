"""Party organisations: which facts fit together (domain rule 2 and the study's kinds of founding 分类组建)."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from contracts.vocabulary import FormationMode, OrganisationForm
from services.ledgers.domain.misfit import Misfit

FEWEST_JOINT: Final = 2
_CODE: Final = re.compile(r"[0-9A-Z][0-9A-Z._/-]*")


@dataclass(frozen=True, slots=True)
class OrganisationShape:
    """The facts of an organisation that must fit together."""

    form: OrganisationForm
    external: bool
    mode: FormationMode | None
    entity_ids: Sequence[UUID]


def misfits(shape: OrganisationShape) -> list[Misfit]:
    """Return what doesn't fit; nothing where all does."""
    found = []
    if len(set(shape.entity_ids)) != len(shape.entity_ids):
        found.append(Misfit("/entityIds", "an entity stands there twice", "市场主体重复"))
    if shape.external:
        if shape.mode is not None:
            found.append(Misfit("/mode", "an external organisation has no mode", "外部党组织没有组建方式"))
        if shape.entity_ids:
            found.append(Misfit("/entityIds", "an external organisation covers no entity", "外部党组织不覆盖市场主体"))
        return found
    match shape.mode:
        case None:
            found.append(Misfit("/mode", "is needed unless the organisation is external", "非外部党组织须填组建方式"))
        case FormationMode.SINGLE if len(shape.entity_ids) != 1:
            found.append(Misfit("/entityIds", "SINGLE is founded for exactly one entity", "单独组建须且只须一个主体"))
        case FormationMode.JOINT if len(shape.entity_ids) < FEWEST_JOINT:
            found.append(Misfit("/entityIds", "JOINT is founded for two entities or more", "联合组建至少两个主体"))
    if shape.form is OrganisationForm.JOINT_BRANCH and shape.mode is FormationMode.SINGLE:
        found.append(Misfit("/form", "a joint branch is not founded for one entity", "联合党支部不能单独组建"))
    return found


def compared_code(text: str) -> str:
    """Return a code 组织编码 as it is kept and compared: half-width, without spaces, letters in upper case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def code_misfits(code: str | None) -> list[Misfit]:
    """Return what is wrong with a compared code; None is none."""
    if code is None or _CODE.fullmatch(code):
        return []
    reason = "is no code of an organisation: letters A to Z, digits, and . _ / - between them"
    return [Misfit("/code", reason, "不是有效的组织编码：由字母、数字及 . _ / - 组成，以字母或数字开头")]
