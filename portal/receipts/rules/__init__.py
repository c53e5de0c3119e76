"""Pure rules of receipts: what came of which line, and how a receipt is told to other systems."""

from portal.receipts.rules.goods import Came, Share, arrived, awaited, spread

__all__ = ["Came", "Share", "arrived", "awaited", "spread"]
