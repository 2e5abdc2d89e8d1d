"""The only HTTP: one fetcher, its cache, its limits, and the user's own settings of addresses and credentials."""
