"""What people write into a contract, and what both sides get to see of it."""

from portal.contracts.forms.asked import (
    ClauseChoice,
    ClausesForm,
    Comment,
    CommentForm,
    ContractForm,
    PresentForm,
    Signatory,
    SignedForm,
    TermForm,
    Title,
)
from portal.contracts.forms.told import (
    CommentOut,
    CommentsOut,
    ContractClauseOut,
    ContractOut,
    ContractRow,
    DifferenceOut,
    RoundOut,
    RoundsOut,
    TermOut,
)

__all__ = [
    "ClauseChoice",
    "ClausesForm",
    "Comment",
    "CommentForm",
    "CommentOut",
    "CommentsOut",
    "ContractClauseOut",
    "ContractForm",
    "ContractOut",
    "ContractRow",
    "DifferenceOut",
    "PresentForm",
    "RoundOut",
    "RoundsOut",
    "Signatory",
    "SignedForm",
    "TermForm",
    "TermOut",
    "Title",
]
