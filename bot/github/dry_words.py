"""Texts as a dry run shows them."""

from __future__ import annotations


def first_line(text: str) -> str:
    """Return the first line, without the spaces that nobody sees: they only keep GitHub from making links of it."""
    return text.partition("\n")[0].replace("\u200b", "")


def without_note(text: str) -> str:
    """Return a text without the comment at its end, which nobody sees."""
    return text.partition("<!-- debtscan:")[0]


def quoted(text: str) -> str:
    """Return a text, indented below its sentence: what would be written, less what would steer a terminal."""
    lines = ("".join(sign if sign.isprintable() else " " for sign in line) for line in text.splitlines())
    return ":\n" + "\n".join(f"    {line}".rstrip() for line in lines) if text else ""
