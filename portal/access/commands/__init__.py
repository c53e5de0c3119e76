"""Acts of people on their sessions and their own data, and of organisations on their members."""

from portal.access.commands.members import add_member, admit, change_rights, found, found_organisation, remove_member
from portal.access.commands.own_password import change_password
from portal.access.commands.passwords import LEAST_PASSWORD, set_password
from portal.access.commands.people import change_language, change_profile, create_api_key
from portal.access.commands.sessions import (
    LIFETIME,
    Opened,
    open_session,
    revoke_session,
    sign_in,
    sign_out,
    switch_organisation,
)

__all__ = [
    "LEAST_PASSWORD",
    "LIFETIME",
    "Opened",
    "add_member",
    "admit",
    "change_language",
    "change_password",
    "change_profile",
    "change_rights",
    "create_api_key",
    "found",
    "found_organisation",
    "open_session",
    "remove_member",
    "revoke_session",
    "set_password",
    "sign_in",
    "sign_out",
    "switch_organisation",
]
