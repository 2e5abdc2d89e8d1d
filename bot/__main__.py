"""``python -m bot``: the same as the ``debtscan`` command."""

import sys

from bot.cli import main

sys.exit(main())
