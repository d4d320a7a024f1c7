"""The topics of quotas, posts and honours, as tables of the read model."""

from typing import Final

from contracts.events.ledgers.development import QuotaRecorded
from contracts.events.ledgers.posts import HonourRecorded, PostRecorded
from gateway.projection.copied import copied
from gateway.tables import Honour, Post, Quota
from kit.copying import Copy

QUOTA: Final[Copy[QuotaRecorded]] = copied(Quota, QuotaRecorded)
POST: Final[Copy[PostRecorded]] = copied(Post, PostRecorded)
"""An erased member's post says whose it was no more: an older state that comes late has a lower version."""
HONOUR: Final[Copy[HonourRecorded]] = copied(Honour, HonourRecorded)
"""As posts."""
