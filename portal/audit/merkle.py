"""The Merkle tree of RFC 9162 (section 2.1), over entries that are SHA-256 commitments themselves.

Pure arithmetic: it asks nobody and keeps nothing. A tree is described by ranges of leaves; what their hashes are is a
matter of whoever keeps them. `docs/decisions/sealed-log.md` says why these lines are our own.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

STEP: Final = 8  # roots of complete subtrees are kept at every eighth level
EMPTY: Final = hashlib.sha256(b"").digest()


class Range(NamedTuple):
    """The leaves `start` to `end`, without `end`."""

    start: int
    end: int


class Node(NamedTuple):
    """The root of a complete subtree of 2^level leaves, the `place`-th of its level."""

    level: int
    place: int
    hash: bytes


def leaf_hash(data: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


class Frontier:
    """A tree that grows at its right edge: all that is needed of it are the roots of its complete subtrees."""

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        assert len(peaks) == size.bit_count(), "one peak for each complete subtree"
        self.size = size
        self.peaks = list(peaks)

    def append(self, data: bytes) -> Iterable[Node]:
        """Add an entry; gives the kept nodes that it completed."""
        node, level, place = leaf_hash(data), 0, self.size
        completed: list[Node] = []
        while place & 1:
            node = hashlib.sha256(b"\x01" + self.peaks.pop() + node).digest()
            level, place = level + 1, place >> 1
            if level % STEP == 0:
                completed.append(Node(level, place, node))
        self.peaks.append(node)
        self.size += 1
        return completed

    def root(self) -> bytes:
        return fold(self.peaks)


def fold(peaks: Sequence[bytes]) -> bytes:
    """The root over complete subtrees, the largest first."""
    if not peaks:
        return EMPTY
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over the hashes of adjacent leaves or nodes of one level."""
    if len(leaves) <= 1:
        return leaves[0] if leaves else EMPTY
    half = _split(len(leaves))
    return node_hash(root_of(leaves[:half]), root_of(leaves[half:]))


def inclusion(place: int, size: int) -> list[Range]:
    """The ranges whose roots prove that the entry at `place` is in the tree of `size` entries (2.1.3.1)."""
    return list(_path(place, Range(0, size)))


def consistency(earlier: int, size: int) -> list[Range]:
    """The ranges whose roots prove that the tree of `earlier` entries is the beginning of the larger (2.1.4.1)."""
    return list(_subproof(earlier, Range(0, size), whole=True)) if 0 < earlier < size else []


def complete_subtrees(wanted: Range) -> Iterator[tuple[int, int]]:
    """(level, place) of the complete subtrees that make up a range of a proof, the largest first."""
    start, left = wanted.start, wanted.end - wanted.start
    while left:
        level = left.bit_length() - 1
        yield level, start >> level
        start, left = start + (1 << level), left - (1 << level)


def proves_inclusion(data: bytes, place: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether the proof leads from the entry to the root (2.1.3.2)."""
    if not 0 <= place < size:
        return False
    first, last, node = place, size - 1, leaf_hash(data)
    for sibling in proof:
        if last == 0:
            return False
        if first & 1 or first == last:
            node = node_hash(sibling, node)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        first, last = first >> 1, last >> 1
    return last == 0 and node == root


def proves_consistency(earlier: int, size: int, before: bytes, after: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that nothing of the earlier tree was changed in the larger one (2.1.4.2)."""
    if not 0 < earlier <= size:
        return False
    if earlier == size:
        return not proof and before == after
    path = [before, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not path:
        return False
    first, last = earlier - 1, size - 1
    while first & 1:
        first, last = first >> 1, last >> 1
    old = new = path[0]
    for node in path[1:]:
        if last == 0:
            return False
        if first & 1 or first == last:
            old, new = node_hash(node, old), node_hash(node, new)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            new = node_hash(new, node)
        first, last = first >> 1, last >> 1
    return last == 0 and (old, new) == (before, after)


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def _path(place: int, tree: Range) -> Iterator[Range]:
    if tree.end - tree.start == 1:
        return
    middle = tree.start + _split(tree.end - tree.start)
    near, far = Range(tree.start, middle), Range(middle, tree.end)
    if place >= middle:
        near, far = far, near
    yield from _path(place, near)
    yield far


def _subproof(earlier: int, tree: Range, *, whole: bool) -> Iterator[Range]:
    if earlier == tree.end:
        if not whole:
            yield tree
        return
    middle = tree.start + _split(tree.end - tree.start)
    if earlier <= middle:
        yield from _subproof(earlier, Range(tree.start, middle), whole=whole)
        yield Range(middle, tree.end)
    else:
        yield from _subproof(earlier, Range(middle, tree.end), whole=False)
        yield Range(tree.start, middle)
