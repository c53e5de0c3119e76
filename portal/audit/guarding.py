"""Events of what is guarded most, as sentences: bank accounts, and the alerts of them and of other things."""

from portal.platform.i18n import Message, _

GUARDED: dict[str, Message] = {
    "bank-account.entered": _("Entered a bank account"),
    "bank-account.confirmed": _("Confirmed a bank account"),
    "bank-account.declined": _("Declined a colleague’s bank account"),
    "bank-account.withdrawn": _("Withdrew a bank account"),
    "bank-account.ended": _("Ended a bank account"),
    "bank-account.revealed": _("Looked at the full number of an own bank account"),
    "bank-approval.offered": _("Told a customer of a bank account"),
    "bank-approval.proposed": _("Proposed a supplier’s bank account for paying"),
    "bank-approval.approved": _("Approved a supplier’s bank account for paying"),
    "bank-approval.declined": _("Declined a supplier’s bank account"),
    "bank-approval.revoked": _("Stopped payments to a supplier’s bank account"),
    "bank-approval.ended": _("A supplier’s bank account ended"),
    "bank-approval.revealed": _("Looked at the full number of a supplier’s bank account"),
    "alert.mass-export": _("Alert: many files taken out"),
    "alert.sign-in-spike": _("Alert: many failed sign-ins to one account"),
    "alert.address-spike": _("Alert: many accounts tried from one address"),
    "alert.policy-change": _("Alert: the rules of access changed"),
    "alert.bank-change": _("Alert: a bank account changed"),
    "alert.shared-account": _("Alert: a bank account is shared"),
    "alert.taken": _("Looks after an alert"),
    "alert.resolved": _("Resolved an alert"),
    "staff-account.told": _("Told their own bank account"),
    "staff-account.forgotten": _("Had their own bank account forgotten"),
}
