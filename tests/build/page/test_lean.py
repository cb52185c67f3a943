"""Comments and docstrings go; what is left does the same, on the same lines."""

import ast
from pathlib import Path

import pytest

from building.page.lean import without_words

SITE = Path(__file__).parents[3] / "site"

SOURCE = '''"""What it is."""

# why
import os  # not for long


class Only(Exception):
    """It has nothing else."""


def add(a, b):
    """The sum.

    Of two.
    """
    words = "# no comment"  # a comment
    return f"{a + b} {words} {os.sep}"
'''


def without_docstrings(text):
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(body, list)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
        ):
            if isinstance(node, ast.Module) or len(body) > 1:
                del body[0]
    return tree


def lines_of(tree):
    return [(type(node).__name__, node.lineno) for node in ast.walk(tree) if hasattr(node, "lineno")]


def test_comments_and_docstrings_go():
    lean = without_words(SOURCE.encode()).decode()
    gone = ("why", "What it is", "Of two", "a comment")
    assert [words for words in gone if words in lean] == []
    assert '"# no comment"' in lean
    assert "It has nothing else" in lean  # a body needs something
    assert len(lean) < 0.7 * len(SOURCE)


@pytest.mark.parametrize("path", sorted((SITE / "app").rglob("*.py")), ids=lambda path: path.name)
def test_the_page_does_the_same_on_the_same_lines(path):
    text = path.read_text("utf-8")
    lean, expected = ast.parse(without_words(text.encode())), without_docstrings(text)
    assert ast.dump(lean) == ast.dump(expected)
    assert lines_of(lean) == lines_of(expected)


def test_a_docstring_beside_a_statement_is_refused():
    with pytest.raises(ValueError, match="shares its line"):
        without_words(b'def f():\n    """Words."""; return 1\n')
