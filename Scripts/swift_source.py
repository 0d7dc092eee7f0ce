"""Reading Swift source as lines of code and lines of comment, without a compiler."""

import re
from dataclasses import dataclass

# In this order at every position: line comment, block comment, string forms, anything else.
_TOKEN = re.compile(
    r'(?P<line>//[^\n]*)'
    r'|(?P<block>/\*.*?\*/)'
    r'|(?P<fence>#+)(?P<quote>"""|").*?(?P=quote)(?P=fence)'
    r'|""".*?"""'
    r'|"(?:\\.|[^"\\\n])*"',
    re.DOTALL,
)


@dataclass(frozen=True)
class Line:
    number: int
    code: str
    comment: str


def lines(text):
    """The lines of `text`, each split into code (strings emptied, comments removed) and its `//` comment."""
    comments = {}

    def blank(match):
        if match.group("line"):
            comments[text.count("\n", 0, match.start()) + 1] = match.group("line")
            return ""
        newlines = "\n" * match.group().count("\n")
        return newlines if match.group("block") else '""' + newlines

    code = _TOKEN.sub(blank, text).split("\n")
    return [Line(number, line, comments.get(number, "")) for number, line in enumerate(code, start=1)]


_IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?"
    r"import\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var)\s+)?(\w+)"
)


def imports(text):
    """(line number, module) for every import of `text`."""
    found = []
    for line in lines(text):
        match = _IMPORT.match(line.code)
        if match:
            found.append((line.number, match.group(1)))
    return found
