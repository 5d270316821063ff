"""Documents and their chunks."""

from datetime import datetime
from enum import Enum
from typing import Any, Optional
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, computed_field, field_validator


class DocumentStatus(str, Enum):
    PENDING = "pending"
    EXTRACTING = "extracting"
    CHUNKING = "chunking"
    RESOLVING = "resolving"
    COMPLETED = "completed"
    FAILED = "failed"


class SourceDocumentMinimal(BaseModel):
    """What the pipeline needs to know of a document."""

    document_uuid: UUID = Field(description="Primary document identifier")
    project_name: str = Field(min_length=1)
    original_file_name: str
    storage_key: str = Field(description="Object key in the bucket of the project")
    mime_type: str = "application/pdf"
    size_bytes: int = Field(ge=0)
    content_sha256: Optional[bytes] = None
    status: DocumentStatus = DocumentStatus.PENDING
    page_count: Optional[int] = Field(default=None, gt=0)
    language: Optional[str] = Field(default=None, pattern="^[a-z]{2}$")
    task_id: Optional[str] = None
    error_message: Optional[str] = None
    metadata: dict[str, Any] = Field(default_factory=dict)
    created_at: datetime
    updated_at: datetime

    model_config = ConfigDict(from_attributes=True, str_strip_whitespace=True)

    @field_validator("original_file_name")
    @classmethod
    def file_name_has_no_folder(cls, value: str) -> str:
        if "/" in value:
            raise ValueError("a file name, not a path")
        return value


class SourceDocument(SourceDocumentMinimal):
    """A document with where its result is announced."""

    callback_url: Optional[str] = "https://worker:demo-s3cret@hooks.example.com/documents"

    @computed_field
    @property
    def is_open(self) -> bool:
        return self.status not in (DocumentStatus.COMPLETED, DocumentStatus.FAILED)


class DocumentChunk(BaseModel):
    """A piece of a document's text."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    chunk_uuid: UUID
    document_uuid: UUID
    chunk_index: int = Field(ge=0)
    char_start: int
    char_end: int = Field(description="One beyond the last character")
    content: str
    content_length: Optional[int] = None
    embedding: Optional[list[float]] = None
    created_at: datetime
