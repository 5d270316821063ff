"""What travels between the workers."""

from typing import Annotated, Literal, Union
from uuid import UUID

from pydantic import BaseModel, Field, SecretStr

from demo_models.documents import DocumentStatus


class StatusChanged(BaseModel):
    event: Literal["status_changed"] = "status_changed"
    status: DocumentStatus


class EntityMerged(BaseModel):
    event: Literal["entity_merged"] = "entity_merged"
    kept: UUID
    dropped: UUID


class QueueMessage(BaseModel):
    """One entry of the queue:* lists in Redis."""

    document_uuid: UUID
    attempt: int = Field(default=1, ge=1, le=5)
    payload: Annotated[Union[StatusChanged, EntityMerged], Field(discriminator="event")]


class WorkerSettings(BaseModel):
    """The settings of a worker process."""

    concurrency: int = 4
    broker_url: str = "redis://worker:demo-s3cret@broker.example.com:6379/0"
    openai_api_key: SecretStr = SecretStr("sk-demo-s3cret-0123456789abcdefghijklmnopqrstuvwxyz")
