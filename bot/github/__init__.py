"""GitHub, as the bot needs it: the only place that knows PyGithub, and the frozen objects that leave it."""
