"""Backup and restore: everything that a portal keeps, as one file.

Speaks of backups, members of the file, tables and stored files. It never holds keys, and never runs SQL that a file
brought: the schema comes from this release's own migrations.
"""
