"""Electronic documents in the words of EN 16931, UBL 2.1 and UN/CEFACT CII, without any capability's own words.

`model` holds the business terms, `syntax` writes and reads XML by tables, `ubl` and `cii` are those tables, and `codes`
the lists that both take their codes from. What a record of the portal says in these terms, its own capability knows.
"""
