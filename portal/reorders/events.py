"""What happens to order templates. A draft made from one, or from an order, tells of itself as any draft does."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class TemplateSaved:
    code = "order-template.saved"
    template_id: UUID
    order_id: UUID


@dataclass(frozen=True)
class TemplateChanged:
    """Another name, or shared or not any more; what is in it never changes."""

    code = "order-template.changed"
    template_id: UUID


@dataclass(frozen=True)
class TemplateDeleted:
    code = "order-template.deleted"
    template_id: UUID
