"""The tree of RFC 9162: its own words, and what another implementation of it says."""

import hashlib

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.audit.merkle import (
    EMPTY,
    Frontier,
    Range,
    complete_subtrees,
    consistency,
    fold,
    inclusion,
    leaf_hash,
    node_hash,
    proves_consistency,
    proves_inclusion,
    root_of,
)

LEAVES = [hashlib.sha256(str(number).encode()).digest() for number in range(300)]


def tree(size: int) -> Frontier:
    grown = Frontier()
    for data in LEAVES[:size]:
        grown.append(data)
    return grown


def theirs(size: int) -> pymerkle.InmemoryTree:
    return pymerkle.InmemoryTree.init_from_entries(LEAVES[:size], algorithm="sha256")


def hash_of(wanted: Range) -> bytes:
    return root_of([leaf_hash(data) for data in LEAVES[wanted.start : wanted.end]])


def test_the_empty_tree_and_the_smallest_are_as_the_rfc_says():
    assert tree(0).root() == EMPTY == hashlib.sha256().digest()
    assert tree(1).root() == hashlib.sha256(b"\x00" + LEAVES[0]).digest()
    one, two = leaf_hash(LEAVES[0]), leaf_hash(LEAVES[1])
    assert tree(2).root() == node_hash(one, two) == hashlib.sha256(b"\x01" + one + two).digest()


@pytest.mark.parametrize("size", [*range(1, 34), 64, 100, 255, 256, 257, 300])
def test_another_implementation_has_the_same_roots_and_takes_our_proofs(size):
    other = theirs(size)
    assert tree(size).root() == other.get_root(size)
    for place in {0, size // 2, size - 1}:
        ours = [hash_of(each) for each in inclusion(place, size)]
        assert proves_inclusion(LEAVES[place], place, size, ours, other.get_root(size))
        path = other.prove_inclusion(place + 1, size).serialize()["path"]
        assert (
            sorted(bytes.fromhex(each).hex() for each in path[1:]) == sorted(each.hex() for each in ours) or size == 1
        )
    for earlier in {1, (size + 1) // 2, size}:
        proof = other.prove_consistency(earlier, size)
        pymerkle.verify_consistency(other.get_root(earlier), other.get_root(size), proof)


@settings(deadline=None)
@given(st.data())
def test_proofs_hold_and_hold_for_nothing_else(data):
    size = data.draw(st.integers(1, 300))
    place = data.draw(st.integers(0, size - 1))
    earlier = data.draw(st.integers(1, size))
    root = tree(size).root()
    proof = [hash_of(each) for each in inclusion(place, size)]
    assert proves_inclusion(LEAVES[place], place, size, proof, root)
    assert not proves_inclusion(LEAVES[(place + 1) % 300], place, size, proof, root)
    assert not proves_inclusion(LEAVES[place], place, size, [*proof, EMPTY], root)
    assert not proves_inclusion(LEAVES[place], place, size, proof, tree(size - 1).root())
    assert not (proof and proves_inclusion(LEAVES[place], place, size, proof[:-1], root))

    steps = [hash_of(each) for each in consistency(earlier, size)]
    before = tree(earlier).root()
    assert proves_consistency(earlier, size, before, root, steps)
    assert not proves_consistency(earlier, size, hashlib.sha256(before).digest(), root, steps)
    assert not proves_consistency(earlier, size, before, hashlib.sha256(root).digest(), steps)
    assert not (steps and proves_consistency(earlier, size, before, root, steps[:-1]))


@given(st.integers(0, 300))
def test_a_tree_is_its_complete_subtrees(size):
    grown = tree(size)
    parts = list(complete_subtrees(Range(0, size)))
    peaks = [hash_of(Range(place << level, (place + 1) << level)) for level, place in parts]
    assert grown.peaks == peaks
    assert fold(peaks) == grown.root()
    again = Frontier(size, peaks)
    again.append(LEAVES[0])
    assert again.size == size + 1


def test_roots_of_complete_subtrees_of_256_are_kept():
    grown, kept = Frontier(), []
    for data in LEAVES:
        kept += grown.append(data)
    assert [(node.level, node.place, node.hash) for node in kept] == [(8, 0, hash_of(Range(0, 256)))]
