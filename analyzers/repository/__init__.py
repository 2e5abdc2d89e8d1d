"""A repository on disk: its files at a commit or in the work tree, its history, and what its paths say."""
