"""Walking along HCL text, past what is not read: comments, here-documents, whole expressions."""

from __future__ import annotations

import re
from typing import Final, Never

from analyzers.errors import InvalidSyntaxError
from analyzers.syntax.text import SourceText

_LINE_COMMENT: Final = re.compile(r"(?:#|//)[^\n]*+")
_STRING_PART: Final = re.compile(r"(?:[^\"\\$%\n]++|\\[^\n]|\$\$\{|%%\{|[$%](?!\{))*+")
_CODE_PART: Final = re.compile(r"[^\"{}\[\]()<,/#\n=:]++")
_HEREDOC: Final = re.compile(r"<<-?([^\W\d][\w-]*+)\r?\n")
_CLOSING: Final = {"{": "}", "[": "]", "(": ")"}


class Cursor:
    """A place in a text that only moves on: `_at` in `_text`. Where it cannot, InvalidSyntaxError is raised."""

    def __init__(self, source: SourceText) -> None:
        self._source = source
        self._text = source.text
        self._at = 0

    def _skip_expression(self, *, stops: str) -> None:
        """Move to the end of an expression: where one of ``stops`` stands outside all brackets opened in it."""
        brackets: list[str] = []
        while True:
            if brackets and brackets[-1] == '"':
                self._skip_in_string(brackets)
                continue
            self._pass(_CODE_PART)
            character = self._text[self._at : self._at + 1]
            if not brackets and (not character or character in stops):
                return
            if not character:
                self._fail("a bracket is not closed")
            self._skip_code(character, brackets)

    def _skip_in_string(self, brackets: list[str]) -> None:
        self._pass(_STRING_PART)
        if self._text.startswith('"', self._at):
            brackets.pop()
            self._at += 1
        elif self._text.startswith(("${", "%{"), self._at):
            brackets.append("}")
            self._at += 2
        else:
            self._fail("a string is not closed")

    def _skip_code(self, character: str, brackets: list[str]) -> None:
        """Pass over one character, or over the comment, here-document or quote that it begins."""
        if character == '"':
            brackets.append('"')
        elif character in _CLOSING:
            brackets.append(_CLOSING[character])
        elif character in "}])":
            if brackets.pop() != character:
                self._fail("a bracket closes that was not opened")
        elif (character in "#/" and self._skip_comment()) or (character == "<" and self._skip_heredoc()):
            return
        self._at += 1

    def _skip_comment(self) -> bool:
        if self._text.startswith("/*", self._at):
            end = self._text.find("*/", self._at + 2)
            self._at = end + 2 if end >= 0 else self._fail("a comment is not closed")
            return True
        return self._pass(_LINE_COMMENT)

    def _skip_heredoc(self) -> bool:
        """Move behind the here-document that begins here, to the end of its last line."""
        found = _HEREDOC.match(self._text, self._at)
        if not found:
            return False
        last = re.compile(rf"^[ \t]*+{re.escape(found[1])}[ \t]*+(?=\r?(?:\n|\Z))", re.MULTILINE)
        end = last.search(self._text, found.end()) or self._fail(f"the here-document {found[1][:40]} has no end")
        self._at = end.end()
        return True

    def _pass(self, pattern: re.Pattern[str]) -> bool:
        """Move behind ``pattern`` if it matches here."""
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return found is not None

    def _fail(self, why: str) -> Never:
        line, column = self._source.line_column(self._at)
        raise InvalidSyntaxError(f"cannot be read at line {line}, column {column}: {why}", line=line)
