"""Entities, where they are mentioned, and how they relate.

Two fields disagree with the database on purpose, for `--validate` to find:
CanonicalEntity.embedding_model has no column, and RelationshipStaging.batch_number is text here
and a bigint there.
"""

from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Optional
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator


class EntityType(str, Enum):
    PERSON = "person"
    ORGANIZATION = "organization"
    LOCATION = "location"
    DATE = "date"
    AMOUNT = "amount"


class RelationshipKind(str, Enum):
    WORKS_FOR = "works_for"
    LOCATED_IN = "located_in"
    PARTY_TO = "party_to"
    MENTIONED_WITH = "mentioned_with"


class Row(BaseModel):
    """Read from a row of the database."""

    model_config = ConfigDict(from_attributes=True, extra="forbid")


class CanonicalEntity(Row):
    """One thing in the world, however it is written."""

    canonical_entity_uuid: UUID
    entity_type: EntityType
    canonical_name: str
    normalized_name: str
    aliases: list[str] = Field(default_factory=list)
    description: Optional[str] = None
    mention_count: int = 0
    confidence: Decimal = Field(default=Decimal("0.5"), ge=0, le=1, description="0 not at all, 1 entirely")
    resolution_method: str = "exact"
    attributes: dict[str, Any] = Field(default_factory=dict)
    embedding_model: Optional[str] = None
    created_at: datetime
    updated_at: datetime


class EntityMention(Row):
    """Where an entity stands in a chunk."""

    mention_uuid: UUID
    chunk_uuid: UUID
    canonical_entity_uuid: Optional[UUID] = Field(default=None, description="None while unresolved")
    entity_type: EntityType
    surface_form: str = Field(max_length=400)
    start_offset: int
    end_offset: int
    confidence: Decimal = Field(ge=0, le=1)
    extracted_by: str
    created_at: datetime

    @model_validator(mode="after")
    def ends_after_its_start(self) -> "EntityMention":
        if self.end_offset <= self.start_offset:
            raise ValueError("end_offset must be above start_offset")
        return self


class RelationshipStaging(Row):
    """A relation that waits to be written to the graph."""

    staging_id: int
    batch_number: str
    from_entity_uuid: UUID
    to_entity_uuid: UUID
    kind: RelationshipKind
    evidence_mention_uuid: Optional[UUID] = None
    weight: float = 1.0
    properties: dict[str, Any] = Field(default_factory=dict)
    exported_at: Optional[datetime] = None
    created_at: datetime
