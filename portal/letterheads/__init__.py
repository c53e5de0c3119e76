"""How an organisation's documents look: its logo, the colour of its lines, what stands under its name and at the
foot; and its seal, as a picture, which stands beside signatures for it.

Speaks of letterheads and their editions. An edition never changes: what was printed under it stays as it was printed.
"""
