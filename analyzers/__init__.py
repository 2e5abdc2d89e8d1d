"""The half of debtscan that reads: a repository goes in, findings come out. Never writes to GitHub."""
