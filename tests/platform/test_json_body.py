"""A JSON body is read or refused with a sentence; no body makes an error of ours."""

import json
import time
from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.platform.json_body import decode_json, deeper_than
from portal.platform.problems import Problems


def refused(body: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Problems) as refusal:
        decode_json(body)
    return [(error.field, str(error.message)) for error in refusal.value.errors]


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


def test_an_ordinary_body_is_read():
    assert decode_json('{"a": ["ü", 1, null, {"b": "\\u00fc\\ud83d\\ude42"}]}'.encode()) == {
        "a": ["ü", 1, None, {"b": "ü🙂"}]
    }


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"{'a': 1}", "not JSON"),
        (b'{"a": 1} x', "not JSON"),
        (b'{"a": 01}', "not JSON"),
        (b'{"a": "line\nbreak"}', "not JSON"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": NaN}', "out of range"),
        (b'{"a": -Infinity}', "out of range"),
        (b'{"a": 1e400}', "out of range"),
        (b'{"a": ' + b"9" * 5000 + b"}", "out of range"),
        (b'{"a": "\xff"}', "UTF-8"),
        (b'{"a": "\xed\xa0\x80"}', "UTF-8"),
        ('{"a": 1}'.encode("utf-16"), "UTF-8"),
        (nested(65), "more than 64 levels"),
        (b"[" * 1000, "more than 64 levels"),
        (b"[" * 200_000 + b"]" * 200_000, "more than 64 levels"),
    ],
    ids=lambda value: repr(value[:12]),
)
def test_a_body_that_cannot_be_read_is_refused_with_a_sentence(body, says):
    [(field, message)] = refused(body)
    assert field == ""
    assert says in message


def test_nul_and_half_pairs_are_named_by_field_all_at_once():
    body = rb'{"note": "a\u0000", "lines": [{"text": "fine \\u0000"}, {"text": "\ud800"}], "na\u0000me": 1}'
    assert [field for field, _message in refused(body)] == ["note", "lines.1.text", "na�me"]


def test_an_escaped_backslash_before_u0000_is_no_nul():
    assert decode_json(rb'{"a": "\\u0000"}') == {"a": r"\u0000"}


def test_the_deepest_body_allowed_is_read():
    assert decode_json(nested(64))


def test_brackets_in_strings_do_not_nest():
    body = json.dumps({"a": "[" * 500, "b": '\\"' + "{" * 500, "c": ["]\\", "\\\\["]}).encode()
    assert decode_json(body) == json.loads(body)


def test_ten_megabytes_are_measured_in_a_moment():
    rows = b",".join([rb'{"a": "x [\" y", "b": ["1", {"c": "2"}]}'] * 250_000)
    body = b"[" + rows + b"]"
    assert len(body) > 9_000_000
    started = time.process_time()
    assert not deeper_than(64, body)
    assert deeper_than(2, body)
    assert time.process_time() - started < 1.5


def depth(value) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


tricky = st.text(st.sampled_from('[]{}"\\,:a\nü'), max_size=6)
json_values = st.recursive(
    st.none() | st.integers(-9, 9) | tricky,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(tricky, inner, max_size=3),
    max_leaves=15,
)


@settings(max_examples=200, deadline=None)
@given(json_values, st.integers(0, 6))
@example([["\\"], ['"']], 2)
def test_the_depth_is_the_real_depth(value, limit):
    for ascii_only in (True, False):
        body = json.dumps(value, ensure_ascii=ascii_only).encode()
        assert deeper_than(limit, body) == (depth(value) > limit)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=40) | st.text(st.sampled_from('[]{}"\\u0d8,:1e-.'), max_size=30).map(str.encode))
def test_no_body_makes_any_other_error(body):
    with suppress(Problems):
        decode_json(body)
