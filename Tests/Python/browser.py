#!/usr/bin/env python3
"""Opens JupyterLab and a report in a headless Chromium, where there is one: cells run and show what they should, and no page is wider than its window.

    python3 Tests/Python/browser.py --dsh .build/release/dsh [--pictures FOLDER]

JupyterLab comes from PyPI into a virtual environment on first use; Chromium is the system's (`apt-get install chromium`). Screenshots are left in FOLDER.
"""

import base64
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Harness"))
from harness import REPOSITORY, Tally, arguments, reexecute_with, run

PACKAGES = ["pyarrow", "ipykernel", "jupyterlab", "websocket-client"]
CELLS = ["flights = read data/flights.csv | persist", "flights | take 3", "flights | hist count", "6 * 7"]
SHIFT, ENTER = 8, {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def awaited(ask, seconds: float = 60):
    """The first answer that counts as true; the last one if there is none in time."""
    end, found = time.monotonic() + seconds, None
    while time.monotonic() < end and not found:
        try:
            found = ask()
        except (OSError, ValueError):
            pass
        time.sleep(0.2)
    return found


class Browser:
    """A Chromium with one page, spoken to over its own protocol on the loopback interface."""

    def __init__(self, program: str, folder: Path, width: int, address: str):
        import websocket
        port = free_port()
        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", f"--remote-debugging-port={port}", "--remote-allow-origins=*",
             f"--window-size={width},1600", f"--user-data-dir={folder}/browser-{port}", address],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pages = awaited(lambda: [one for one in json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json")) if one["type"] == "page"])
        self.connection, self.number = websocket.create_connection(pages[0]["webSocketDebuggerUrl"], timeout=60), 0

    def call(self, method: str, **parameters) -> dict:
        self.number += 1
        self.connection.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while (message := json.loads(self.connection.recv())).get("id") != self.number:
            pass
        return message.get("result", {})

    def value(self, script: str):
        return self.call("Runtime.evaluate", expression=script, returnByValue=True).get("result", {}).get("value")

    def press(self, **key):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, **key)

    def picture(self, path: Path):
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()
        self.process.kill()
        self.process.wait()


def reports(tally: Tally, options, chromium: str, folder: Path, pictures: Path):
    """A page of a report is no wider than its window, on a telephone and on a desk."""
    page = folder / "report.html"
    done = run(options.dsh, "report", "report.dsh", "-o", str(page), folder=REPOSITORY / "examples")
    tally.check(done.status == 0, "a report is made", done.error_text)
    for width in (400, 1280):
        with Browser(chromium, folder, width, f"file://{page}") as browser:
            browser.call("Emulation.setDeviceMetricsOverride", width=width, height=1600, deviceScaleFactor=1, mobile=False)
            awaited(lambda: browser.value("document.readyState") == "complete")
            wide = browser.value("document.documentElement.scrollWidth")
            tally.check(wide is not None and wide <= width, f"it is no wider than {width} pixels", wide)
            tally.check(browser.value("document.querySelectorAll('svg').length") == 2, "its pictures are drawn")
            browser.picture(pictures / f"report-{width}.png")


def laboratory(tally: Tally, options, chromium: str, folder: Path, pictures: Path):
    """Cells run in JupyterLab: a table with its receipt, a picture, a value."""
    shutil.copytree(REPOSITORY / "examples/data", folder / "data")
    cells = [{"cell_type": "code", "id": f"cell-{place}", "metadata": {}, "source": text, "outputs": [], "execution_count": None} for place, text in enumerate(CELLS)]
    notebook = {"cells": cells, "metadata": {"kernelspec": {"name": "dsh", "display_name": "dsh", "language": "dsh"}}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "one.ipynb").write_text(json.dumps(notebook))
    environment = {
        **os.environ, "PYTHONPATH": str(REPOSITORY / "Sources/Python"), "PYTHONDONTWRITEBYTECODE": "1", "DSH": str(Path(options.dsh).resolve()),
        "HOME": str(folder), "JUPYTER_PATH": str(folder / "share/jupyter")}
    subprocess.run([sys.executable, "-m", "dsh.kernel", "install", f"--prefix={folder}"], check=True, stdout=subprocess.DEVNULL, env=environment)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", f"--port={port}", "--ip=127.0.0.1", "--IdentityProvider.token=", "--allow-root",
         f"--notebook-dir={folder}"], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        awaited(lambda: urllib.request.urlopen(f"http://127.0.0.1:{port}/api/status"))
        with Browser(chromium, folder, 1280, f"http://127.0.0.1:{port}/lab/tree/one.ipynb") as browser:
            ready = awaited(lambda: browser.value(
                "document.querySelectorAll('.jp-CodeCell').length == 4 && document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status == 'idle'"))
            tally.check(ready, "the notebook opens with the kernel", browser.value("document.body.innerText"))
            browser.value("document.querySelector('.jp-CodeCell .jp-InputArea-prompt').click()")
            for _ in CELLS:
                browser.press(modifiers=SHIFT, **ENTER)
                time.sleep(0.5)
            # A receipt is an output of its own.
            shown = awaited(lambda: browser.value("document.querySelectorAll('.jp-OutputArea-output').length") == 6)
            text = browser.value("document.querySelector('.jp-Notebook').innerText") or ""
            tally.check(shown, "each cell shows something", text)
            tally.check("ABE" in text and "3 rows of 5,366" in text and "moved to head" in text, "a table has its receipt", text)
            tally.check(browser.value("document.querySelectorAll('.jp-OutputArea-output svg rect').length") >= 14, "a histogram is a picture")
            tally.check("42" in text, "a value is the result of its cell", text)
            browser.picture(pictures / "laboratory.png")
    finally:
        server.terminate()
        server.wait(20)


def main():
    parser = arguments(__doc__, data=False)
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    tally = Tally()
    if chromium is None:
        print("no Chromium is here: nothing was opened")
        return tally.finish()
    reexecute_with(*PACKAGES)
    # What a browser writes may come after its end.
    with tempfile.TemporaryDirectory(prefix="dsh-browser-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        pictures = options.pictures or folder
        pictures.mkdir(exist_ok=True)
        reports(tally, options, chromium, folder, pictures)
        laboratory(tally, options, chromium, folder, pictures)
    tally.finish()


if __name__ == "__main__":
    main()
