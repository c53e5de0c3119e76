"""The page that auditors read says what the policy says."""

from pathlib import Path

from litestar import Litestar

from portal.operations.policy.printed import written

PAGE = Path(__file__).parents[3] / "docs" / "auditors.md"


def test_the_matrix_on_the_auditors_page_is_that_of_the_policy(app: Litestar) -> None:
    text = PAGE.read_text("utf-8")

    assert written(text) == text, "run: portal policy matrix --write docs/auditors.md"
    assert "| `orders:approve` approve orders |" in text
