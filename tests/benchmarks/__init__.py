"""What the portal can take, measured: each script makes its own data set and prints its figures."""
