"""Reads a SAF-T file that anybody may have made: piece by piece, in bounded memory, harmlessly.

No entities, no DTD, nothing from the network. What has been looked at is forgotten, so a file of
gigabytes is as easy as a small one; a file whose one sale has no end is refused.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from lxml import etree

from kiosk.fiscal.saft.xml import NAMESPACE

PIECE_BYTES: Final = 65_536
ELEMENTS_MAX: Final = 500_000
"""In one sale, event or entry of the head; more is no cash register's doing."""
DEPTH_MAX: Final = 4
"""Entries of the head's tables lie 3 deep, events and sales 4 deep."""
SCHEMA_FAULTS_MAX: Final = 50

BytesRead = Callable[[int], None]


class Unreadable(Exception):
    """The file cannot be read to its end. The message says what is wrong; `line` where."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(what)


@dataclass(frozen=True, slots=True)
class Element:
    """An element that has ended, with all inside it; only good until the next one is asked for."""

    node: Any
    depth: int

    @property
    def name(self) -> str:
        """Its name without the namespace."""
        return local_name(self.node)

    @property
    def line(self) -> int:
        """The line it begins on."""
        return self.node.sourceline or 0


def local_name(node: Any) -> str:
    """Return an element's name without the namespace; empty for comments and the like."""
    tag = node.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child_text(node: Any, name: str) -> str:
    """Return the text of the first child called `name`; empty when there is none."""
    return (node.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def children(node: Any, path: str) -> Iterator[Any]:
    """Yield all elements on a path of names, e.g. "ctLine/vat"."""
    yield from node.iterfind("/".join(f"{{{NAMESPACE}}}{name}" for name in path.split("/")))


def elements(path: Path, read: BytesRead | None = None) -> Iterator[Element]:
    """Yield each element down to DEPTH_MAX when it ends, in the file's order.

    Raises:
        Unreadable: not XML, or more than a cash register would ever write.
        OSError: the file cannot be read.
    """
    parser = _parser(None)
    line, depth, count = 1, 0, 0
    for piece, line in _pieces(path, read):
        _feed(parser, piece, line)
        for action, node in parser.read_events():
            if action == "start":
                _refuse_dtd(node, depth)
                depth += 1
                count += 1
                if count > ELEMENTS_MAX:
                    raise Unreadable(line, f"One entry has more than {ELEMENTS_MAX} elements.")
                continue
            depth -= 1
            if depth <= DEPTH_MAX:
                yield Element(node, depth)
            if _is_done_with(node, depth):
                _forget(node)
                count = 0
    _close(parser, line)


def schema_faults(
    path: Path, schema: Path, read: BytesRead | None = None
) -> Iterator[tuple[int, str]]:
    """Yield line and words of what the schema forbids, at most SCHEMA_FAULTS_MAX.

    Raises:
        Unreadable: the schema or the file is not XML.
        OSError: one of them cannot be read.
    """
    parser = _parser(_schema(schema))
    seen, depth, line, count = 0, 0, 1, 0
    for piece, line in _pieces(path, read):
        failure = _feed_checked(parser, piece, line)
        for action, node in parser.read_events():
            depth += 1 if action == "start" else -1
            count += 1
            if action == "start":
                _refuse_dtd(node, depth - 1)
            elif _is_done_with(node, depth):
                _forget(node)
                count = 0
            if count > 2 * ELEMENTS_MAX:
                raise Unreadable(line, f"One entry has more than {ELEMENTS_MAX} elements.")
        log = parser.feed_error_log
        for entry in list(log)[seen:]:
            yield line, entry.message.replace(f"{{{NAMESPACE}}}", "")
        seen = len(log)
        if failure or seen >= SCHEMA_FAULTS_MAX:
            return
    if not seen:
        yield from _fault_at_end(parser, line)


def _fault_at_end(parser: Any, line: int) -> Iterator[tuple[int, str]]:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        yield line, str(error).replace(f"{{{NAMESPACE}}}", "")


def _parser(schema: Any) -> Any:
    return etree.XMLPullParser(
        events=("start", "end"),
        schema=schema,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        attribute_defaults=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _schema(path: Path) -> Any:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.XMLSchema(etree.parse(str(path), parser))
    except (etree.XMLSyntaxError, etree.XMLSchemaParseError) as error:
        raise Unreadable(0, f"{path} is not an XML schema: {error}") from error


def _pieces(path: Path, read: BytesRead | None) -> Iterator[tuple[bytes, int]]:
    """Yield the file line by line, a very long line in pieces, each with the line's number."""
    line, total = 1, 0
    with path.open("rb") as file:
        while piece := file.readline(PIECE_BYTES):
            yield piece, line
            line += piece.endswith(b"\n")
            total += len(piece)
            if read and line % 10_000 == 0:
                read(total)
    if read:
        read(total)


def _feed(parser: Any, piece: bytes, line: int) -> None:
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        raise Unreadable(line, f"This is not XML: {_words(error)}") from error


def _feed_checked(parser: Any, piece: bytes, line: int) -> bool:
    """Feed a parser with a schema; return whether it gave up, which the schema may cause too."""
    try:
        parser.feed(piece)
    except etree.XMLSyntaxError as error:
        if not len(parser.feed_error_log):
            raise Unreadable(line, f"This is not XML: {_words(error)}") from error
        return True
    return False


def _close(parser: Any, line: int) -> None:
    try:
        parser.close()
    except etree.XMLSyntaxError as error:
        raise Unreadable(line, f"The file ends too early: {_words(error)}") from error


def _words(error: etree.XMLSyntaxError) -> str:
    """Return the parser's words without its own count of lines, which begins with each piece."""
    return (error.msg or "").partition(", line ")[0]


def _refuse_dtd(node: Any, depth: int) -> None:
    if depth == 0 and node.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(node.sourceline or 1, "It has a document type, and SAF-T files have none.")


def _is_done_with(node: Any, depth: int) -> bool:
    """Whether nobody will ask for this element again: it was a whole entry of something."""
    parent = node.getparent()
    name = local_name(parent) if parent is not None else ""
    return depth == 3 or (depth, name) in ((2, "company"), (4, "cashregister"))


def _forget(node: Any) -> None:
    node.clear(keep_tail=False)
    parent = node.getparent()
    while parent is not None and node.getprevious() is not None:
        del parent[0]
