"""What catalogues say as documents of others' systems."""
