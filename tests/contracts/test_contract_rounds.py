"""What changed between the rounds of a contract: fields, prices, and single words of a text."""

from hypothesis import given
from hypothesis import strategies as st

from portal.contracts.rules import words
from tests.harness.contracts import CONTRACTS, renegotiated_contract
from tests.harness.pages import Reader
from tests.harness.world import an_item, trading_pair


async def two_rounds():
    company, supplier = await trading_pair()
    item = await an_item(company)
    return company, supplier, await renegotiated_contract(company, supplier, item=item), item


async def test_a_round_tells_what_differs_from_the_one_before(client_of):
    _company, supplier, contract, item = await two_rounds()
    desk = await client_of(supplier.order_desk)
    first, second = (await desk.get(f"{CONTRACTS}/{contract.id}/rounds")).json()["items"]
    assert (first["revision"], first["differences"]) == (1, [])
    found = {(each["item"], each["field"]): (each["before"], each["after"]) for each in second["differences"]}
    assert found.keys() == {("", "valid_to"), ("", "note"), (item.number, "unit_price"), (item.number, "term")}
    assert found["", "valid_to"] == ("2030-12-31", "2029-12-31")
    assert [float(each) for each in found[item.number, "unit_price"]] == [9.5, 9.8]
    assert found[item.number, "term"][1] is None


async def test_the_page_marks_single_words_and_says_so_to_who_hears_it(client_of):
    _company, supplier, contract, _item = await two_rounds()
    desk = Reader(await client_of(supplier.order_desk))
    page = await desk.open(f"/contracts/{contract.id}")
    rounds = await desk.open(page.links["What changed in 2 rounds of the negotiation"])
    assert "free works within [removed: ten end][added: twenty end] days." in rounds.text
    assert "<del>" in rounds.html
    assert "Nothing differs" not in rounds.text


async def test_a_stranger_sees_no_round(client_of):
    _company, _supplier, contract, _item = await two_rounds()
    _other, rival = await trading_pair()
    assert (await (await client_of(rival.order_desk)).get(f"{CONTRACTS}/{contract.id}/rounds")).status_code == 404
    assert (await (await client_of(rival.order_desk)).get(f"/contracts/{contract.id}/rounds")).status_code == 404


TEXT = st.text(st.sampled_from("ab c\n,.交货期x"), max_size=60)


@given(TEXT, TEXT)
def test_both_texts_can_be_read_out_of_their_difference(before, after):
    pieces = words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert all(piece.text for piece in pieces)


def test_chinese_differs_by_characters_and_words_by_words():
    told = [(piece.kind, piece.text) for piece in words("交货期十天", "交货期二十天")]
    assert told == [("same", "交货期"), ("added", "二"), ("same", "十天")]
    told = [(piece.kind, piece.text) for piece in words("ten days", "twenty days")]
    assert told == [("removed", "ten"), ("added", "twenty"), ("same", " days")]
    assert words("same", "same") == [("same", "same")]
