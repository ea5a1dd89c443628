"""Files at addresses such as s3://bucket/key, for tasks in Ray's workers and for the head of dsh: what is known of them, and parts of them.

Of object stores and HDFS pyarrow's file systems tell, of web servers Python's own library, of what was shipped Ray's stores. An entry is
(kind, five numbers): the numbers are those that dsh tells states of a file by, device, inode, size in bytes, and the nanoseconds since
1970 of the last change of content and of anything. Whoever opens a file asks for its entry first.
"""

import email.utils
import hashlib
import struct
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections import OrderedDict

FILE, FOLDER = 1, 2
OPEN_FILES = 64
HTTP_SECONDS = 30
# A server that sends no parts of a file is asked for all of it, up to this.
WHOLE_FILE_BYTES = 256 << 20
# A folder with more entries is none that anybody means to read.
FOLDER_ENTRIES = 1_000_000


class FileProblem(Exception):
    """Why a file can't be read, in a line."""


def version_number(text: str) -> int:
    """A number for a version that a server tells as text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "little")


def stored_entry(found) -> tuple:
    """The entry for what pyarrow tells, or None if it tells that there is nothing."""
    from pyarrow import fs
    if found.type == fs.FileType.NotFound:
        return None
    changed = found.mtime_ns or 0
    # Two files may have one size and one time.
    return FILE if found.type == fs.FileType.File else FOLDER, (0, version_number(found.path), found.size or 0, changed, changed)


class StoredFile:
    """A file of an object store or of HDFS."""

    def __init__(self, system, path: str):
        self.system, self.path, self.opened = system, path, None

    def entry(self):
        return stored_entry(self.system.get_file_info(self.path))

    def read(self, offset: int, count: int):
        # Several threads may do this at once.
        if self.opened is None:
            self.opened = self.system.open_input_file(self.path)
        return self.opened.read_at(count, offset)

    def entries(self) -> list:
        from pyarrow import fs
        # An object store has no folder without files.
        found = self.system.get_file_info(fs.FileSelector(self.path, allow_not_found=True))
        if len(found) > FOLDER_ENTRIES:
            raise FileProblem(f"more than {FOLDER_ENTRIES:,} entries")
        return [(one.base_name, stored_entry(one)) for one in found]


class WebFile:
    """A file of a web server."""

    def __init__(self, address: str):
        self.address, self.whole = address, None

    def ask(self, method: str, headers={}):
        # Bytes as they are: a part of what was compressed for the way is of no use.
        request = urllib.request.Request(self.address, method=method, headers={"Accept-Encoding": "identity", **headers})
        try:
            return urllib.request.urlopen(request, timeout=HTTP_SECONDS)
        except urllib.error.HTTPError as error:
            if error.code in (404, 410):
                raise FileNotFoundError(f"the server answers {error.code}") from None
            raise FileProblem(f"the server answers {error.code} {error.reason}") from None

    def entry(self):
        try:
            with self.ask("HEAD") as answer:
                headers = answer.headers
        except FileNotFoundError:
            return None
        if headers.get("Content-Length") is None:
            raise FileProblem("the server does not tell how long it is")
        changed = email.utils.mktime_tz(email.utils.parsedate_tz(headers["Last-Modified"])) * 10**9 if headers.get("Last-Modified") else 0
        return FILE, (0, version_number(self.address + " " + headers.get("ETag", "")), int(headers["Content-Length"]), changed, changed)

    def read(self, offset: int, count: int):
        if self.whole is not None:
            return self.whole[offset:offset + count]
        with self.ask("GET", {"Range": f"bytes={offset}-{offset + count - 1}"}) as answer:
            if answer.status == 206:
                return answer.read(count)
            whole = answer.read(WHOLE_FILE_BYTES + 1)
        if len(whole) > WHOLE_FILE_BYTES:
            raise FileProblem(f"the server sends no parts of files, and it has more than {WHOLE_FILE_BYTES >> 20} MiB")
        self.whole = whole
        return whole[offset:offset + count]

    def entries(self) -> list:
        raise FileProblem("a web server does not list its files: name each")


class ShippedFile:
    """A file whose bytes the head has put into Ray: the address has the reference to them."""

    def __init__(self, address: str):
        import ray
        import ray.cloudpickle
        reference = ray.cloudpickle.loads(bytes.fromhex(urllib.parse.urlsplit(address).netloc))
        self.numbers, self.content = ray.get(reference)

    def entry(self):
        return FILE, self.numbers

    def read(self, offset: int, count: int):
        return memoryview(self.content)[offset:offset + count]


def shipped(path: str, numbers: list) -> str:
    """Puts a file's bytes into Ray; the address that they have from then on, as long as this process lives."""
    import numpy
    import ray.cloudpickle
    content = numpy.fromfile(path, numpy.uint8)
    if content.nbytes != numbers[2]:
        raise FileProblem("it has changed meanwhile")
    return f"shipped://{ray.cloudpickle.dumps(ray.put((tuple(numbers), content))).hex()}"


class RemoteFiles:
    """All of them, for one process. Several threads may use it."""

    def __init__(self):
        self.lock, self.systems, self.files = threading.Lock(), {}, OrderedDict()

    def named(self, address: str):
        scheme = address.partition("://")[0]
        if scheme in ("http", "https"):
            return WebFile(address)
        if scheme == "shipped":
            return ShippedFile(address)
        try:
            from pyarrow import fs
        except ImportError as error:
            raise FileProblem(f"{scheme}:// needs pyarrow, which is not there: python3 -m pip install pyarrow ({error})") from None
        # One connection for each store, whose parameters may stand behind a question mark.
        parts = urllib.parse.urlsplit(address)
        place = scheme, parts.netloc, parts.query
        if place not in self.systems:
            self.systems[place] = fs.FileSystem.from_uri(f"{scheme}://{parts.netloc}/{'?' if parts.query else ''}{parts.query}")[0]
        path = parts.path.rstrip("/")
        return StoredFile(self.systems[place], path if scheme == "hdfs" else parts.netloc + path)

    def entry(self, address: str):
        """What is known of it now, or None if there is nothing."""
        file = self.named(address)
        found = file.entry()
        with self.lock:
            before = self.files.pop(address, None)
            if found is not None:
                # One that has not changed stays open.
                self.files[address] = before if before is not None and before[0] == found else (found, file)
            while len(self.files) > OPEN_FILES:
                self.files.popitem(last=False)
        return found

    def read(self, address: str, offset: int, count: int):
        """Bytes of a file; fewer than asked for at its end only."""
        with self.lock:
            _, file = self.files.get(address) or (None, None)
        return (file or self.named(address)).read(offset, count)

    def entries(self, folder: str) -> list:
        """The names in a folder, with what is known of each."""
        return self.named(folder).entries()


def encoded_entry(entry) -> bytes:
    """An entry as dsh reads it: nothing for None."""
    return b"" if entry is None else struct.pack("<q5q", entry[0], *entry[1])


def problem_line(error) -> str:
    """What was wrong, without stack traces."""
    text = error.reason if isinstance(error, urllib.error.URLError) else error
    return " ".join(str(text).split())[:400] or type(error).__name__
