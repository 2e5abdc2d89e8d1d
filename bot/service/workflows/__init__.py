"""The durable workflows: what follows from a webhook, from the week, and from what GitHub says when it is asked."""
