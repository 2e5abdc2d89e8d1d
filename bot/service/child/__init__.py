"""The process in which a repository is read and judged: without credentials, and with limits."""
