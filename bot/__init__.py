"""The half of debtscan that acts: commands, reports, the score, and later the service."""

from typing import Final

VERSION: Final = "0.1.0"
