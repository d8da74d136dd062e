"""What scripts here take from the documents that they keep true: the code blocks below a heading."""
import re
import sys


def sections(path):
    """Every heading's text, and its code blocks as pairs of language and text, in order."""
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
    """The commands of a shell block: lines, each with those that continue it."""
    whole = re.sub(r"\\\n\s*", "", block)
    return [line for line in whole.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def fail(text):
    """Ends the script."""
    sys.exit(f"error: {text.rstrip()}")
