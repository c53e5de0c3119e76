"""Imports: suppliers, items, prices, orders and receipts from the files of another system, by a mapping.

The way of a row: `sources` reads cells, `rows` makes fields of them as the `mapping` says and collects every problem,
`staging` puts them into the database, `checks` asks what needs the other rows, `masters`, `orders` and `receipts` load
them set by set. One import is one transaction: all of it or nothing.
"""
