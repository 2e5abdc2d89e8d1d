"""What is released by tagging a git repository."""
