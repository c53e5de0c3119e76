"""Which stored files the rows name. What is not listed here is not backed up, so a test holds every column that could
name one against this list."""

from typing import Final, NamedTuple


class Named(NamedTuple):
    """Columns that name files, and the query for their places in the store and sizes (null where no row says it), each
    once: what a signing names, its signatories do not name again.
    `grows`: each place is a folder of parts. `perhaps`: nothing is wrong if it is not there."""

    table: str
    columns: tuple[str, ...]
    query: str
    grows: bool = False
    perhaps: bool = False


_BY_DIGEST = "left({0}, 2) || '/' || substr({0}, 3, 2) || '/' || {0}"
_SIGNED = "'signings/' || " + _BY_DIGEST
_SIGNINGS = (
    f"select {_SIGNED.format('sha256')}, size from signing "
    f"union all select {_SIGNED.format('original_sha256')}, null from signing"
)
_SIGNATORIES = (
    f"select {_SIGNED.format('sha256')}, size from signatory where sha256 is not null "
    f"union all select {_SIGNED.format('document_sha256')}, null from signatory where sha256 is not null"
)
_EVIDENCE = "'evidence/' || owner_id || '/' || " + _BY_DIGEST

NAMED: Final = (
    Named(
        "document",
        ("sha256",),
        f"select distinct {_BY_DIGEST.format('sha256')}, size from document where state = 'ready' order by 1",
    ),
    Named(
        "signing",
        ("sha256", "original_sha256"),
        f"select place, max(size) from ({_SIGNINGS}) n (place, size) group by place order by place",
    ),
    Named(
        "signatory",
        ("sha256", "document_sha256"),
        f"select place, max(size) from ({_SIGNATORIES}) n (place, size) "
        f"where place not in (select place from ({_SIGNINGS}) s (place, size)) group by place order by place",
    ),
    Named(
        "evidence_bundle",
        ("sha256",),
        f"select distinct {_BY_DIGEST.format('sha256')}, size from evidence_bundle where sha256 is not null order by 1",
    ),
    Named(
        "evidence_file",
        ("sha256", "preview_sha256"),
        f"select {_EVIDENCE.format('sha256')}, size from evidence_file "
        "where state in ('clean', 'unscanned') and sha256 is not null "
        f"union select {_EVIDENCE.format('preview_sha256')}, null from evidence_file "
        "where state in ('clean', 'unscanned') and preview_sha256 is not null order by 1",
    ),
    Named(
        "evidence_file",
        (),
        f"select place, null::bigint from evidence_file f, lateral (values ({_EVIDENCE.format('sha256')}), "
        f"({_EVIDENCE.format('preview_sha256')})) kept (place) where state = 'deleted' and place is not null "
        "and portal.is_held(array[f.id, f.record_id], array[f.owner_id, f.buyer_id, f.supplier_id],"
        " f.created_at::date)",
        perhaps=True,  # a hold that came later than the deletion finds no bytes
    ),
    Named(
        "import_file",
        ("sha256",),
        "select 'imports/' || organisation_id || '/' || id, size from import_file where forgotten_at is null "
        "order by 1",
    ),
    Named(
        "evidence_file",
        (),
        "select 'quarantine/' || owner_id || '/' || id, size from evidence_file "
        "where state in ('uploading', 'quarantined') order by 1",
        grows=True,
    ),
)

# Hashes that name no file of the store of their own: of what the database itself holds, of what was destroyed, and of
# batches, which whoever wants one asks for again.
NO_FILES: Final = frozenset(
    {
        ("batch", "sha256"),
        ("batch_document", "sha256"),
        ("disposal_item", "sha256"),
        ("letterhead_picture", "sha256"),
        ("received_credit_note", "sha256"),
        ("received_invoice", "sha256"),
    }
)
