"""Files that come with a form: written to disk as they arrive, so that a large one takes no memory.

A form's fields must stand before its files. That the request is ours is proved before the first byte of a file is kept,
which is why routes that stream declare `opt=STREAMED`: the usual proof would read the whole body first.
"""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import IO, NamedTuple

from litestar import Request
from litestar.exceptions import InternalServerException, SerializationException
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat
from multipart import MultipartError, MultipartSegment, ParserLimitReached, PushMultipartParser, parse_options_header

from portal.platform.i18n import Message, _
from portal.platform.refusals import Invalid, Malformed, TooLarge

STREAMED = {"streamed": True}
BYTES = "application/octet-stream"
MOST_PARTS = 40
LONGEST_FIELD = 1_000_000  # bytes
LONGEST_NAME = 200  # bytes, of the 255 that file systems take
TOKEN = "_csrf"  # noqa: S105 the name of a field, not a token
# What would mean something to a file system, to a pattern of file names, or to whoever reads the name.
_UNFIT = str.maketrans({"[": "(", "]": ")", **dict.fromkeys('*?/\\:"<>|', "_")})


@dataclass
class SendsBytes(Operation):
    """An operation whose body is a file: no handler's argument says so, for nobody may read it as a whole."""

    kind = BYTES

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
        self.request_body = RequestBody(content={self.kind: OpenAPIMediaType(schema=schema)}, required=True)


class Wanted(NamedTuple):
    """Which files a form may bring: under which fields, with which endings, how many, and how large each may be."""

    fields: dict[str, tuple[str, ...]]
    most: int
    largest: int  # bytes


class Received(NamedTuple):
    """The fields of a form, and its files on disk by the field they came with."""

    fields: dict[str, str]
    files: dict[str, list[Path]]


async def receive(request: Request, folder: Path, wanted: Wanted, prove: Callable[[str], None]) -> Received:
    """Read the form into the folder; `prove` refuses a token that is not the session's.

    Raises TooLarge, Invalid for files that nobody wants, Malformed for what is no such form.
    """
    desk = _Desk(folder, wanted, prove)
    try:
        with PushMultipartParser(_boundary(request), max_segment_count=MOST_PARTS, max_header_size=2000) as parser:
            async for chunk in _chunks(request):
                if not parser.closed:
                    for event in parser.parse(chunk):
                        desk.take(event)
    except ParserLimitReached as error:
        raise TooLarge(_("This form has too many parts.")) from error
    except (MultipartError, UnicodeError, LookupError) as error:
        raise Malformed(_("The form did not arrive as it was sent. Send it again.")) from error
    finally:
        desk.close()
    desk.require_proof()
    return Received(desk.fields, desk.files)


async def receive_body(request: Request, folder: Path, name: str, endings: tuple[str, ...], largest: int) -> Path:
    """Read a body that is one file into the folder."""
    desk = _Desk(folder, Wanted({name: endings}, 1, largest), lambda _token: None)
    try:
        desk.open(name, name)
        async for chunk in _chunks(request):
            desk.take(chunk)
        desk.take(None)
    finally:
        desk.close()
    return desk.files[name][0]


def require_length(request: Request, most: int) -> None:
    """Refuse a body that says it is too long before any of it is read."""
    if (request.content_length or 0) > most:
        raise TooLarge(_("Together this is larger than {most} MB. Send less at once.", most=most // 1_000_000))


def _boundary(request: Request) -> str:
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != "multipart/form-data" or not options.get("boundary"):
        raise Invalid.field("files", _("Choose at least one file."))
    return options["boundary"]


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    try:
        async for chunk in request.stream():
            if chunk:
                yield chunk
    except (InternalServerException, SerializationException) as error:
        raise Malformed(_("The form did not arrive as it was sent. Send it again.")) from error


class _Desk:
    """Takes the parts of a form one after the other; holds no more than one open file and the text fields."""

    def __init__(self, folder: Path, wanted: Wanted, prove: Callable[[str], None]) -> None:
        self.fields: dict[str, str] = {}
        self.files: dict[str, list[Path]] = {}
        self._folder, self._wanted, self._prove = folder, wanted, prove
        self._proved = False
        self._name = ""
        self._text = bytearray()
        self._open: IO[bytes] | None = None
        self._size = 0

    def take(self, event: MultipartSegment | bytes | bytearray | None) -> None:
        if isinstance(event, MultipartSegment):
            self._begin(event)
        elif event is None:
            self._end()
        elif self._open is not None:
            self._size += len(event)
            if self._size > self._wanted.largest:
                raise TooLarge(too_large(Path(self._open.name).name, self._wanted.largest))
            self._open.write(event)
        else:
            self._text += event
            if len(self._text) > LONGEST_FIELD:
                raise TooLarge()

    def require_proof(self) -> None:
        """The token came first, or in a header."""
        if not self._proved:
            self._prove(self.fields.get(TOKEN, ""))
            self._proved = True

    def close(self) -> None:
        if self._open is not None:
            self._open.close()

    def _begin(self, part: MultipartSegment) -> None:
        self._name, self._size = part.name or "", 0
        self._text.clear()
        if part.filename:
            self.require_proof()
            self.open(self._name, part.filename)

    def open(self, field: str, filename: str) -> None:
        """From here on bytes are those of this file."""
        self._name = field
        self._open = self._place(field, filename).open("xb")

    def _end(self) -> None:
        if self._open is not None:
            self.files.setdefault(self._name, []).append(Path(self._open.name))
            self._open.close()
            self._open = None
        else:
            self.fields[self._name] = self._text.decode()

    def _place(self, field: str, filename: str) -> Path:
        """Where this file goes; refused before its bytes come if nobody wants it."""
        name = plain_name(filename)
        endings = self._wanted.fields.get(field, ())
        if not name.lower().endswith(endings):
            raise Invalid.field(field, _wrong_kind(name, endings))
        count = sum(map(len, self.files.values()))
        if count >= self._wanted.most:
            raise TooLarge(_("At most {most} files at once.", most=self._wanted.most))
        place = self._folder / str(count)
        place.mkdir()
        return place / name


def plain_name(given: str) -> str:
    """The file's name alone, without folders and without what no name should hold; its ending stays."""
    name = PurePosixPath(PureWindowsPath(given).name).name.translate(_UNFIT)
    kept = "".join(letter for letter in name if letter.isprintable()).strip(" .")
    return within(kept, -LONGEST_NAME).lstrip(" .") or "file"


def within(text: str, most: int) -> str:
    """The beginning of a text in so many bytes, its end if that is below zero: file systems count bytes."""
    body = text.encode()
    return (body[:most] if most > 0 else body[most:]).decode(errors="ignore")


def too_large(name: str, most: int) -> Message:
    return _("{file} is larger than {most} MB. Split it into several files.", file=name, most=most // 1_000_000)


def _wrong_kind(name: str, endings: tuple[str, ...]) -> Message:
    return _("{file} is none of these: {endings}. Save it as one of them.", file=name, endings=", ".join(endings))
