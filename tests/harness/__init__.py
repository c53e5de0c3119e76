"""What stories stand on: a real cluster, factories named for business situations, clients, a clock, a counter."""
