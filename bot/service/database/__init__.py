"""What the service knows: its tables, and how they come to be what this version needs."""
