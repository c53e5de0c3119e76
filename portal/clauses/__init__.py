"""An organisation's own library of clauses: texts that its contracts are put together of, edition by edition.

Speaks of clauses, editions and facts (what a clause leaves to the contract to say). A text is data: names of facts in
it are filled in, and nothing else in it does anything. It never knows which contracts took a clause.
"""
