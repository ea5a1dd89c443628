"""A web server on the loopback interface for tests: files of a folder, in parts where it is told to give parts, and what it was asked."""

import http.server
import threading
from pathlib import Path


class WebServer:
    def __init__(self, folder: Path, gives_parts: bool = True):
        asked = self.asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_HEAD(self):
                self.answer(with_body=False)

            def do_GET(self):
                self.answer(with_body=True)

            def answer(self, with_body: bool):
                part = self.headers.get("Range") if gives_parts else None
                asked.append((self.command, self.path, self.headers.get("Range")))
                path = folder / self.path.partition("?")[0].lstrip("/")
                if self.path.startswith("/forbidden"):
                    return self.send_error(403)
                if not path.is_file():
                    return self.send_error(404)
                data, status = path.read_bytes(), 200
                size = len(data)
                if part:
                    begin, end = map(int, part.removeprefix("bytes=").split("-"))
                    data, status = data[begin:end + 1], 206
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("ETag", f'"{size}-{path.stat().st_mtime_ns}"')
                if part:
                    self.send_header("Content-Range", f"bytes {begin}-{begin + len(data) - 1}/{size}")
                self.end_headers()
                if with_body:
                    self.wfile.write(data)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
