"""What a company's own people say of a finished order: stars and a sentence, by whoever had to do with it.

Speaks of ratings, raters and aspects. It stands apart from scores: no rating is ever a part of a score, of a standing
or of the order that suppliers are ranked in, and a supplier never reads who said what.
"""
