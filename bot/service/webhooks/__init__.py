"""What GitHub tells of by webhook: signed, read as far as it is needed, and nothing else. Pure."""
