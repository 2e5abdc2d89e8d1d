"""The GitHub App: webhooks, pages and an interface in front, durable scans behind them, one database below both."""
