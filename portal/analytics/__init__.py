"""Analytics: what is open between two companies as of a day, and statements of it that both keep."""
