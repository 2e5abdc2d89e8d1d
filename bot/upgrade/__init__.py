"""From findings to pull requests: what moves together, in which order, with which files, and how it is published."""
