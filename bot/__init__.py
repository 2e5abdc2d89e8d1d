"""The half of debtscan that acts: commands, reports, the score, and later the service."""

# Without typing.Final: `debtscan --version` imports this and nothing else, and typing costs more than all the rest.
VERSION = "0.1.0"
