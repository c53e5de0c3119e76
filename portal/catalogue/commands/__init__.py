"""Keeping items and prices: each verb is one function and one transaction."""

from portal.catalogue.commands.items import add_item, edit_item, reinstate_item, retire_item
from portal.catalogue.commands.prices import edit_price, set_prices

__all__ = ["add_item", "edit_item", "edit_price", "reinstate_item", "retire_item", "set_prices"]
