"""Acts of people on their sessions and their own data, and of organisations on their members."""

from portal.access.commands.company_sign_in import (
    BACK,
    begin_at_company,
    end_at_company,
    unlink_former,
    unlink_member,
)
from portal.access.commands.dormant import suspend_dormant
from portal.access.commands.invitations import (
    accept_as_member,
    accept_as_newcomer,
    invite,
    invite_again,
    invite_first,
    invite_within,
    send_first,
    withdraw_invitation,
    withdraw_within,
)
from portal.access.commands.keys import create_api_key, make_own_key, revoke_api_key
from portal.access.commands.limits import LIMIT
from portal.access.commands.looking import end_look, see_as
from portal.access.commands.members import (
    add_member,
    admit,
    change_rights,
    end_within,
    found,
    found_hosted,
    found_organisation,
    reinstate_member,
    remove_member,
    say_of_hosted,
)
from portal.access.commands.own_password import ask_for_reset, change_password, reset_password
from portal.access.commands.passkeys import (
    add_passkey,
    begin_passkey,
    begin_use,
    prove_with_passkey,
    remove_passkey,
    sign_in_with_passkey,
)
from portal.access.commands.passwords import set_password
from portal.access.commands.people import change_language, change_profile
from portal.access.commands.providers import (
    drop_proposed_secret,
    provider_applied,
    set_provider,
    take_proposed_secret,
)
from portal.access.commands.renewal import Opened
from portal.access.commands.second_factor import (
    address_of,
    begin_totp,
    confirm_totp,
    make_recovery_codes,
    prove,
    remove_factors,
    remove_totp,
)
from portal.access.commands.security import set_security
from portal.access.commands.sessions import (
    LIFETIME,
    end_other_sessions,
    open_session,
    revoke_session,
    sign_in,
    sign_out,
    sign_out_member,
    switch_organisation,
)
from portal.access.commands.taking import take_roles, take_within
from portal.access.commands.terms import accept_texts, publish_text
from portal.access.rules import LEAST_PASSWORD

__all__ = [
    "BACK",
    "LEAST_PASSWORD",
    "LIFETIME",
    "LIMIT",
    "Opened",
    "accept_as_member",
    "accept_as_newcomer",
    "accept_texts",
    "add_member",
    "add_passkey",
    "address_of",
    "admit",
    "ask_for_reset",
    "begin_at_company",
    "begin_passkey",
    "begin_totp",
    "begin_use",
    "change_language",
    "change_password",
    "change_profile",
    "change_rights",
    "confirm_totp",
    "create_api_key",
    "drop_proposed_secret",
    "end_at_company",
    "end_look",
    "end_other_sessions",
    "end_within",
    "found",
    "found_hosted",
    "found_organisation",
    "invite",
    "invite_again",
    "invite_first",
    "invite_within",
    "make_own_key",
    "make_recovery_codes",
    "open_session",
    "prove",
    "prove_with_passkey",
    "provider_applied",
    "publish_text",
    "reinstate_member",
    "remove_factors",
    "remove_member",
    "remove_passkey",
    "remove_totp",
    "reset_password",
    "revoke_api_key",
    "revoke_session",
    "say_of_hosted",
    "see_as",
    "send_first",
    "set_password",
    "set_provider",
    "set_security",
    "sign_in",
    "sign_in_with_passkey",
    "sign_out",
    "sign_out_member",
    "suspend_dormant",
    "switch_organisation",
    "take_proposed_secret",
    "take_roles",
    "take_within",
    "unlink_former",
    "unlink_member",
    "withdraw_invitation",
    "withdraw_within",
]
