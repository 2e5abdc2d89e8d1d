"""What debtscan posts on GitHub: what each should be (pure), and make it so (safe to repeat)."""
