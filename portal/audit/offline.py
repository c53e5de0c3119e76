"""Checking evidence without a database: a bundle, a signed report, or a proof of inclusion or consistency as the API
gives it.

Nothing but the file, the arithmetic of RFC 9162 and a public key is needed. The key stands in the file too, so whoever
checks compares it with the one that the portal's owner published, or names it.
"""

import hashlib
import zipfile
import zlib
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.audit.archives import doubled, is_padded
from portal.audit.attesting import Attested, problem_of
from portal.audit.checkpoints import Checkpoint, NoCheckpoint, is_signed, public_of
from portal.audit.faults import Fault, Verdict
from portal.audit.handing import handed_over
from portal.audit.merkle import proves_consistency, proves_inclusion
from portal.audit.tally import Tally
from portal.audit.verifying import keeps
from portal.platform.canonical import commit

MOST: Final = 4_000_000_000  # bytes that a bundle may unpack to
_UNREADABLE: Final = (msgspec.DecodeError, zipfile.BadZipFile, zlib.error)
_OWN: Final = {"manifest.json", "manifest.sig"}


class NoEvidence(ValueError):
    """This file is neither a bundle nor a report nor a proof."""


class NoKey(ValueError):
    """What was given as the key is none, or was not copied whole; the file was not looked at."""


def verify_file(path: Path, key: str = "") -> Verdict:
    """Check a bundle, a signed report or a proof; `key` is the public key it must be signed by. Raises `NoKey` and
    `NoEvidence`."""
    _require_key(key)
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as bundle:
                return _Evidence(key).bundle(bundle)
        return _Evidence(key).proof(msgspec.json.decode(path.read_bytes()))
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, NotBase64) as error:
        told = "It is damaged, or a file of another kind: ask for it again."
        raise NoEvidence(f"{path.name} is no evidence that can be read. {told}") from error


def _require_key(key: str) -> None:
    try:
        if key:
            public_of(key)
    except (ValueError, NotBase64) as error:
        told = "Copy it whole, as 'Public key:' shows it after 'portal audit verify'."
        raise NoKey(f"The key cannot be read. {told}") from error


class _Evidence:
    def __init__(self, key: str) -> None:
        self.key = key
        self.verdict = Verdict()
        self.ended: dict[bytes, int] = {}  # earlier keys, and up to which size the one that signed the file vouches

    def bundle(self, bundle: zipfile.ZipFile) -> Verdict:
        self.verdict.kind = "bundle"
        if sum(each.file_size for each in bundle.infolist()) > MOST:
            raise NoEvidence("This bundle unpacks to more than it could hold.")
        text = bundle.read("manifest.json")
        manifest = msgspec.json.decode(text)
        public = self._public(manifest["public_key"])
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(b64decode(bundle.read("manifest.sig")), text)
        except (InvalidSignature, KeyError, ValueError):
            self._fault("signature", detail="manifest.json")
        self._believe(manifest.get("handovers", ()), public, manifest["checkpoint"])
        checkpoint = self._checkpoint(manifest["checkpoint"], public)
        for seen in manifest.get("witnesses", ()):
            self._begins_with(self._checkpoint(seen["checkpoint"], public), checkpoint, seen["hashes"])
        self.verdict.note, self.verdict.checkpoints = manifest["checkpoint"], 1 + len(manifest.get("witnesses", ()))
        self._files(bundle, {each["name"]: each for each in manifest["files"]})
        tally = Tally()
        with suppress(*_UNREADABLE):  # the file is told as changed, and its figures do not fit
            for line in _lines(bundle):
                try:
                    self._line(line, checkpoint)
                    tally.add(line)
                except (KeyError, TypeError, ValueError):
                    self._fault("changed", detail="entries.jsonl")
        if tally.figures() != manifest["control"]:
            self._fault("figures", detail="manifest.json")
        return self.verdict

    def consistency(self, proof: dict[str, Any]) -> Verdict:
        """That the log of one checkpoint begins with that of an earlier one, both signed by the same key, or by one
        that it vouches for."""
        public = self._public(proof["later"]["public_key"])
        self._believe(proof.get("handovers", ()), public, proof["later"]["note"])
        earlier, later = (self._checkpoint(proof[side]["note"], public) for side in ("earlier", "later"))
        self._begins_with(earlier, later, proof["hashes"])
        self.verdict.kind, self.verdict.checkpoints = "consistency", 2
        self.verdict.earlier, self.verdict.later = (each.size if each else 0 for each in (earlier, later))
        return self.verdict

    def report(self, attested: Attested, report: Any) -> Verdict:
        """That a report says what was signed, by this key."""
        self.verdict.kind, self.verdict.note = "report", f"{attested.kind} {attested.sha256}"
        if fault := problem_of(attested, report, self._public(attested.public_key)):
            self._fault(fault, detail=attested.kind)
        return self.verdict

    def _begins_with(self, earlier: Checkpoint | None, later: Checkpoint | None, hashes: list[str]) -> None:
        if earlier and later:
            sizes, roots = (earlier.size, later.size), (earlier.root, later.root)
            path = [bytes.fromhex(each) for each in hashes]
            if earlier.origin != later.origin or not proves_consistency(*sizes, *roots, path):
                self._fault("consistency", later.size)

    def proof(self, proof: dict[str, Any]) -> Verdict:
        if "earlier" in proof:
            return self.consistency(proof)
        if "attested" in proof:
            return self.report(Attested(**proof["attested"]), proof["report"])
        self.verdict.kind, signed = "proof", proof["checkpoint"]
        self._line(proof, self._checkpoint(signed["note"], self._public(signed["public_key"])))
        return self.verdict

    def _public(self, named: str) -> bytes:
        """The key that the file names, or the one that it must be signed by."""
        self.verdict.public_key = self.key or named
        return public_of(self.verdict.public_key)

    def _checkpoint(self, note: str, public: bytes) -> Checkpoint | None:
        self.verdict.note, self.verdict.checkpoints = note, 1
        with suppress(NoCheckpoint):
            said = Checkpoint.of(note)
            earlier = (key for key, size in self.ended.items() if said.size <= size)
            if any(is_signed(note, key) for key in (public, *earlier)):
                return said
        self._fault("signature", detail="checkpoint")
        return None

    def _believe(self, handovers: Iterable[str], public: bytes, note: str) -> None:
        """Earlier keys of the same log, as far as a chain of handovers leads to them from the key of the file."""
        origin = note.partition("\n")[0]
        for handed in handed_over([{"note": each} for each in handovers], {public}, origin):
            self.ended[handed.public] = max(handed.checkpoint.size, self.ended.get(handed.public, 0))

    def _files(self, bundle: zipfile.ZipFile, listed: dict[str, Any]) -> None:
        for name in doubled(bundle):
            self._fault("file-doubled", detail=name)
        if is_padded(bundle):
            self._fault("padded")
        there = {each.filename for each in bundle.infolist()} - _OWN
        for name in sorted(there - listed.keys()):
            self._fault("file-added", detail=name)
        for name in sorted(listed.keys() - there):
            self._fault("file-missing", detail=name)
        for name in sorted(listed.keys() & there):
            if _digest(bundle, name) != listed[name]["sha256"]:
                self._fault("file-changed", detail=name)

    def _line(self, line: dict[str, Any], checkpoint: Checkpoint | None) -> None:
        self.verdict.entries += 1
        position, entry = line["position"], line["entry_id"]
        leaf = commit(bytes.fromhex(line["salt"]), line["payload"].encode())
        sides = [(each["owner_id"], bytes.fromhex(each["salt"]), each["body"]) for each in line["sides"]]
        if leaf.hex() != line["leaf"] or msgspec.json.decode(line["payload"])["id"] != entry:
            self._fault("changed", position, entry)
        elif sides and not keeps(line["payload"], sides, partly=True):
            self._fault("side-changed", position, entry)
        hashes = [bytes.fromhex(each) for each in line["hashes"]]
        if checkpoint and not proves_inclusion(leaf, position, checkpoint.size, hashes, checkpoint.root):
            self._fault("proof", position, entry)

    def _fault(self, kind: str, position: int | None = None, entry: str = "", detail: str = "") -> None:
        self.verdict.faults.append(Fault(kind, position, entry, detail))


def _digest(bundle: zipfile.ZipFile, name: str) -> str:
    """Empty for a file whose bytes do not even fit the archive's own sums."""
    try:
        with bundle.open(name) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()  # pyright: ignore[reportArgumentType]
    except _UNREADABLE:
        return ""


def _lines(bundle: zipfile.ZipFile) -> Iterator[dict[str, Any]]:
    with suppress(KeyError), bundle.open("entries.jsonl") as lines:
        for line in lines:
            yield msgspec.json.decode(line)
