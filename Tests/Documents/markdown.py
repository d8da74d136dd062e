"""Reads the code blocks below each heading of a document, for the scripts here that test them."""
import re
import sys


def sections(path):
    """The text of each heading, with its code blocks as pairs of language and text, in order."""
    found, heading, language = [], None, None
    with open(path, encoding="utf-8") as file:
        for line in file:
            fence = re.match(r"```(\w*)$", line)
            if language is not None:
                if fence:
                    language = None
                else:
                    found[-1][1][-1][1].append(line)
            elif fence:
                language = fence[1]
                if heading is not None:
                    found[-1][1].append((language, []))
            elif title := re.match(r"#+ (.*)", line):
                heading = title[1].strip()
                found.append((heading, []))
    return {title: [(name, "".join(lines)) for name, lines in blocks] for title, blocks in found}


def commands(block):
    """The commands in a shell block: lines, each joined with its continuations."""
    whole = re.sub(r"\\\n\s*", "", block)
    return [line for line in whole.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def fail(text):
    """Prints an error and exits with status 1."""
    sys.exit(f"error: {text.rstrip()}")
