"""Documents that both sides sign, and the places for their signatures."""

from piccolo.columns import UUID, BigInt, Date, Integer, Text, Timestamptz

from portal.platform.work import Row


class Signing(Row, tablename="signing"):
    """A document that a buyer opened for signing; `sha256` names its present file, with the signatures so far. What is
    signed is a PDF that somebody brought, or the own document of a record: then `kind` and `record_id` say of which.
    Nobody signs after `sign_until`; `reminded_of` and `lapsed_of` are the last days that were told of."""

    subject_kind = "signing"
    owner = "buyer_id"
    id = UUID(primary_key=True, default=None)
    buyer_id = UUID()
    supplier_id = UUID()
    shown_to = UUID()
    kind = Text()
    record_id = UUID(null=True, default=None)
    supplier_name = Text()
    title = Text()
    file_name = Text()
    first = Text()
    sign_until = Date(null=True, default=None)
    reminded_of = Date(null=True, default=None)
    lapsed_of = Date(null=True, default=None)
    state = Text(default="open")
    places = Integer()
    signed = Integer(default=0)
    original_sha256 = Text()
    sha256 = Text()
    size = BigInt()
    pages = Integer()
    created_by = UUID()
    created_at = Timestamptz()
    ended_by = UUID(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
    reason = Text()
    version = Integer(default=1)


class Signatory(Row, tablename="signatory"):
    """A place of one side: who signed there and from where, what they stated, and the file before and after.
    While it is kept for a person (`meant_for`), nobody else signs it. `certificate`, `issuer` and
    `fingerprint` are of the signer's own certificate, if it was signed outside; else the portal attests for them, and
    `seal` is the SHA-256 of the picture of their company's seal in the block, if it has one."""

    subject_kind = "signatory"
    owner = "buyer_id"
    personal = frozenset({"name", "address", "certificate"})
    personal_to = ("signed_by",)
    id = UUID(primary_key=True, default=None)
    signing_id = UUID()
    buyer_id = UUID()
    shown_to = UUID()
    organisation_id = UUID()
    side = Text()
    position = Integer()
    meant_for = UUID(null=True, default=None)
    signed_by = UUID(null=True, default=None)
    name = Text()
    address = Text()
    statement = Text()
    signed_at = Timestamptz(null=True, default=None)
    document_sha256 = Text(null=True, default=None)
    sha256 = Text(null=True, default=None)
    size = BigInt(null=True, default=None)
    certificate = Text()
    issuer = Text()
    fingerprint = Text()
    seal = Text()
    version = Integer(default=1)
