"""The demo's main models for Pydantic 1, for where Pydantic 2 cannot be had."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Dict, List, Optional
from uuid import UUID

from pydantic import BaseModel, Field, validator


class SourceDocumentMinimal(BaseModel):
    """What the pipeline needs to know of a document."""

    document_uuid: UUID = Field(description="Primary document identifier")
    project_name: str = Field(min_length=1)
    original_file_name: str
    storage_key: str
    mime_type: str = "application/pdf"
    size_bytes: int = Field(ge=0)
    status: str = "pending"
    page_count: Optional[int] = Field(None, gt=0)
    metadata: Dict[str, Any] = Field(default_factory=dict)
    created_at: datetime
    updated_at: datetime

    class Config:
        orm_mode = True

    @validator("original_file_name")
    def file_name_has_no_folder(cls, value: str) -> str:
        if "/" in value:
            raise ValueError("a file name, not a path")
        return value


class CanonicalEntity(BaseModel):
    """One thing in the world, however it is written."""

    canonical_entity_uuid: UUID
    entity_type: str
    canonical_name: str
    normalized_name: str
    aliases: List[str] = Field(default_factory=list)
    mention_count: int = 0
    confidence: Decimal = Field(Decimal("0.5"), ge=0, le=1)
    created_at: datetime
    updated_at: datetime
