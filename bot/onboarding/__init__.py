"""How a repository hears of debtscan first: one pull request that adds its configuration and says what would happen."""
