"""The application's view of the demo database, as Pydantic 2 models."""

from demo_models.documents import DocumentChunk, SourceDocument, SourceDocumentMinimal
from demo_models.entities import CanonicalEntity, EntityMention, RelationshipStaging
from demo_models.messages import QueueMessage, WorkerSettings

__all__ = [
    "CanonicalEntity",
    "DocumentChunk",
    "EntityMention",
    "QueueMessage",
    "RelationshipStaging",
    "SourceDocument",
    "SourceDocumentMinimal",
    "WorkerSettings",
]
