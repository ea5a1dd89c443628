"""The driver of a Ray cluster for dsh: it starts or joins Ray, runs tasks of dsh there, and keeps the references to their blocks.

dsh starts this module as a child process, with one end of a Unix socket pair as descriptor 0. Each frame on it is a length (u32, little
endian), a kind (u8) and fields; `Bridge.handle` lists the kinds that come, `KIND_…` those that go. What computes is a shared library,
loaded in Ray's workers: its requests and outcomes are bytes that nobody here looks into.

All state belongs to the main thread, which does one thing after the other from an inbox. The other threads (the one that reads the
socket, Ray's own, which tells the end of tasks, those that wait for bytes) only put things into the inbox or frames into the outbox, so
that nothing needs a lock.
"""

import ctypes
import fcntl
import functools
import glob
import os
import pickle
import queue
import secrets
import select
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict, deque
from concurrent.futures import ThreadPoolExecutor

# What this was tested with: the raylets of an own Ray are started in a way that older versions don't know.
MINIMUM_RAY, MINIMUM_PYTHON = (2, 60), (3, 10)
MAXIMUM_FRAME_BYTES = 256 << 20
# Up to this an answer is part of its frame.
INLINE_PAYLOAD_BYTES = 64 << 10
# Ray keeps a result of up to this size with the driver, in no store.
INLINE_OBJECT_BYTES = 100 << 10
# Tasks that only bring rows to the head take no processor, but each needs a worker, and to start one costs a second of a processor: with
# more of them at a time Ray would start ever more. Rows for other tasks are cut by tasks that take a processor, by the workers that are
# there.
LIGHT_TASKS_PER_NODE = 1
RETRIES = 3
# The room that the library has for a line about a file.
PROBLEM_BYTES = 512
CONNECT_SECONDS, START_SECONDS, WATCH_SECONDS, CANCEL_SECONDS = 5, 30, 0.5, 0.25
# After this, whatever is left of an own Ray is killed.
END_SECONDS = 1

KIND_STARTED, KIND_NOT_STARTED, KIND_DONE, KIND_FAILED, KIND_ANSWERED = range(1, 6)
KIND_UNANSWERED, KIND_LOCATED, KIND_NODES, KIND_STOPPED = range(6, 10)
FAILURE_CANCELLED, FAILURE_LOST, FAILURE_DIED, FAILURE_MEMORY, FAILURE_LIBRARY, FAILURE_OTHER, FAILURE_FILE = range(1, 8)
FILE_ENTRY, FILE_ENTRIES, FILE_READ, FILE_SHIP = range(1, 5)
STOP = bytes([11])
NO_RAY, NO_FITTING_VERSION, NO_LIBRARY, NO_CONNECTION, NO_START, NO_TOKEN = range(1, 7)

SHIPPED_LIBRARY = os.path.join("dsh_library", "libdsh.so")
ENVIRONMENT = {
    "RAY_USAGE_STATS_ENABLED": "0", "RAY_DISABLE_IMPORT_WARNING": "1", "RAY_IGNORE_UNHANDLED_ERRORS": "1",
    "RAY_BACKEND_LOG_LEVEL": "warning",
}


def own_configuration(cpus: int) -> dict:
    return {
        # A raylet that is gone refuses each check at once, and is given up after the fourth. One that is only slow has seconds for each.
        "health_check_initial_delay_ms": 1000, "health_check_period_ms": 500,
        "health_check_timeout_ms": 5000, "health_check_failure_threshold": 4,
        # Nobody looks at metrics, events and timelines.
        "enable_metrics_collection": False, "task_events_report_interval_ms": 0, "event_stats": False, "enable_timeline": False,
        # Released blocks leave the stores soon, and workers of light tasks stay for the next ones.
        "free_objects_period_milliseconds": 100, "num_workers_soft_limit": cpus + LIGHT_TASKS_PER_NODE,
    }


def log(text: str):
    print(text, file=sys.stderr, flush=True)


# MARK: Frames

def encode_bytes(value) -> bytes:
    value = value.encode() if isinstance(value, str) else value
    return struct.pack("<I", len(value)) + value


def encode_list(items) -> bytes:
    items = list(items)
    return struct.pack("<I", len(items)) + b"".join(items)


class Reader:
    """Takes the fields of a frame, one after the other; of a frame that is too short it raises `struct.error`."""

    def __init__(self, frame: bytes):
        self.frame, self.position = frame, 0

    def number(self, layout: str):
        value, = struct.unpack_from("<" + layout, self.frame, self.position)
        self.position += struct.calcsize(layout)
        return value

    int, unsigned = functools.partialmethod(number, "q"), functools.partialmethod(number, "Q")
    byte, bool = functools.partialmethod(number, "B"), functools.partialmethod(number, "?")

    def bytes(self) -> bytes:
        count = self.number("I")
        self.position += count
        if self.position > len(self.frame):
            raise struct.error("a frame ends within a field")
        return self.frame[self.position - count:self.position]

    def string(self) -> str:
        return self.bytes().decode()

    def list(self, element) -> list:
        return [element() for _ in range(self.number("I"))]

    def names(self) -> list:
        return self.list(self.unsigned)


class Channel:
    """The socket to the head. A thread of its own sends, so that a head that is slow to read holds up nobody here."""

    def __init__(self):
        # Children find nothing at descriptor 0, and the duplicate is closed when they start.
        self.socket = socket.socket(fileno=os.dup(0))
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        self.outbox, self.received = queue.SimpleQueue(), bytearray()
        threading.Thread(target=self.write, daemon=True).start()

    def send(self, kind: int, *fields: bytes, descriptor=None):
        body = struct.pack("<B", kind) + b"".join(fields)
        self.outbox.put((struct.pack("<I", len(body)) + body, descriptor))

    def flush(self):
        written = threading.Event()
        self.outbox.put((written, None))
        written.wait(END_SECONDS)

    def write(self):
        while True:
            frame, descriptor = self.outbox.get()
            try:
                if isinstance(frame, threading.Event):
                    frame.set()
                elif descriptor is None:
                    self.socket.sendall(frame)
                else:
                    # A descriptor goes with the first byte of its frame.
                    self.socket.sendall(frame[socket.send_fds(self.socket, [frame], [descriptor]):])
                    os.close(descriptor)
            except OSError:
                # The head is gone, which whoever reads the socket sees, and ends the bridge.
                pass

    def receive(self):
        """The frames that are complete now, or None at the end."""
        try:
            piece = self.socket.recv(1 << 20)
        except OSError:
            piece = b""
        self.received += piece
        frames = []
        while len(self.received) >= 4:
            end = 4 + struct.unpack_from("<I", self.received)[0]
            if end > 4 + MAXIMUM_FRAME_BYTES:
                return None
            if len(self.received) < end:
                break
            frames.append(bytes(self.received[4:end]))
            del self.received[:end]
        return frames if piece else None


# MARK: In Ray's workers
#
# These functions and classes are pickled by value, so that workers need nothing of dsh but the library. A block is a tuple: the node that
# made it, None, and its segments; or the node and an outcome, of a task that made no block. Of plain types, it is pickled in few bytes.

class Result:
    """What the library answered. Its memory is the library's until nobody refers to this any more."""

    def __init__(self, library, pointer: int):
        self.library, self.pointer = library, pointer
        self.outcome = ctypes.string_at(*library.place(library.functions.dsh_outcome, pointer))

    def segments(self) -> list:
        functions = self.library.functions
        count = functions.dsh_segment_count(self.pointer)
        places = [self.library.place(functions.dsh_segment, self.pointer, index) for index in range(count)]
        return [numpy.asarray(Segment(self, *place)) for place in places]

    def __del__(self):
        self.library.functions.dsh_free(self.pointer)


class Segment:
    """A piece of a result for NumPy, whose arrays keep what they were made of: so Ray copies from the library's memory into the store."""

    def __init__(self, result: Result, address: int, count: int):
        self.result = result
        self.__array_interface__ = {"version": 3, "data": (address, True), "shape": (count,), "typestr": "|u1"}


class Library:
    """The library in this process; raises `OSError` or `AttributeError` if it can't be loaded."""

    def __init__(self, path: str):
        self.functions = ctypes.CDLL(path)
        pointer, size = ctypes.c_void_p, ctypes.c_size_t
        signatures = {
            "dsh_version": ([], ctypes.c_char_p), "dsh_run": ([ctypes.c_char_p, size, pointer, pointer, size, pointer], pointer),
            "dsh_outcome": ([pointer, pointer, pointer], None), "dsh_segment_count": ([pointer], size),
            "dsh_segment": ([pointer, size, pointer, pointer], None), "dsh_free": ([pointer], None),
            "dsh_use_remote_files": ([pointer], None),
        }
        for name, (arguments, result) in signatures.items():
            function = getattr(self.functions, name)
            function.argtypes, function.restype = arguments, result
        self.version = self.functions.dsh_version().decode()
        self.remote_files, self.calls = RemoteFiles(), queue.SimpleQueue()
        number = ctypes.c_int64
        self.read_remote = ctypes.CFUNCTYPE(number, ctypes.c_char_p, number, pointer, number, pointer)(self.read_remote_file)
        self.functions.dsh_use_remote_files(ctypes.cast(self.read_remote, pointer))
        threading.Thread(target=self.answer_calls, daemon=True).start()

    def place(self, function, *arguments) -> tuple:
        """The address and the byte count that a function of the library gives."""
        address, count = ctypes.c_void_p(), ctypes.c_size_t()
        function(*arguments, ctypes.byref(address), ctypes.byref(count))
        return address.value or 0, count.value

    def run(self, request: bytes, memories: list) -> Result:
        """Runs a request on the thread for that. The main thread, which calls this, is where Ray interrupts a task that is cancelled."""
        count = len(memories)
        addresses = (ctypes.c_void_p * count)(*[address for address, _, _ in memories])
        sizes = (ctypes.c_size_t * count)(*[size for _, size, _ in memories])
        cancelled, results, ended = ctypes.c_uint32(0), [], threading.Event()

        def work():
            # A caller that was interrupted can't know whether it has asked already, and asks again.
            if not results:
                pointer = self.functions.dsh_run(request, len(request), addresses, sizes, count, ctypes.byref(cancelled))
                results.append(Result(self, pointer))
            ended.set()

        interrupt = None
        while not results:
            try:
                self.calls.put(work)
                while not ended.wait(0.05):
                    pass
            except KeyboardInterrupt as error:
                cancelled.value, interrupt = 1, error
        if interrupt is not None:
            raise interrupt
        return results.pop()

    def answer_calls(self):
        while True:
            self.calls.get()()

    def read_remote_file(self, address: bytes, offset: int, target: int, count: int, problem: int) -> int:
        """What the library calls for bytes of a file at an address, or with a negative offset for its entry."""
        try:
            name = address.decode()
            found = encoded_entry(self.remote_files.entry(name)) if offset < 0 else self.remote_files.read(name, offset, count)
            data = numpy.frombuffer(found, numpy.uint8) if len(found) else numpy.empty(0, numpy.uint8)
            ctypes.memmove(target, address_of(data), min(data.nbytes, count))
            return min(data.nbytes, count)
        except Exception as error:
            line = problem_line(error).encode()[:PROBLEM_BYTES - 1] + b"\0"
            ctypes.memmove(problem, line, len(line))
            return -1


LIBRARIES = {}


def loaded_library(path: str, version: str) -> Library:
    """The library, which a process loads once; raises `OSError` with a sentence if there is none of that version."""
    if path not in LIBRARIES:
        node = ray.get_runtime_context().get_node_id()
        # Ray puts the folders that were shipped on Python's search path.
        found = next((place for place in (os.path.join(folder, path) for folder in sys.path) if os.path.exists(place)), path)
        try:
            library = Library(found)
        except (OSError, AttributeError) as error:
            raise OSError(f"node {node} can't load {found}, which is to be version {version} of dsh: {error}") from None
        if library.version != version:
            raise OSError(f"node {node} has version {library.version} of dsh at {found}, the shell has version {version}")
        library.node = node
        LIBRARIES[path] = library
    return LIBRARIES[path]


def address_of(array) -> int:
    return array.__array_interface__["data"][0]


def memory_of(block: tuple) -> tuple:
    """A block's address, byte count, and what keeps it there. Where its segments lie end to end, as Ray lays them, it is read in place."""
    arrays = [numpy.frombuffer(segment, numpy.uint8) for segment in block[2:]]
    begin = end = address_of(arrays[0])
    for array in arrays:
        end = end + array.nbytes if address_of(array) == end else None
    if end is not None and begin % 64 == 0:
        return begin, end - begin, arrays
    total = sum(array.nbytes for array in arrays)
    room = numpy.empty(total + 64, numpy.uint8)
    whole = room[-address_of(room) % 64:][:total]
    numpy.concatenate(arrays, out=whole)
    return address_of(whole), total, whole


def task_of(path: str, version: str):
    """The function that tasks run. What is the same for all of them is part of it: each argument of a task costs 0.1 ms."""
    def execute_task(request: bytes, *inputs: tuple) -> tuple:
        return execute(path, version, request, *inputs)
    return execute_task


def execute(path: str, version: str, request: bytes, *inputs: tuple) -> tuple:
    """A task: (node, outcome, moved inputs, byte count of the block or None, seconds), and the block. With no library: a text, None."""
    begin = time.monotonic()
    try:
        library = loaded_library(path, version)
    except OSError as error:
        return str(error), None
    missing = next((block for block in inputs if len(block) == 2), None)
    if missing is not None:
        # Rows could not be gathered: what was said of that is the answer.
        return (library.node, missing[1], [], None, time.monotonic() - begin), missing
    memories = [memory_of(block) for block in inputs]
    moved = [(index, block[0], memories[index][1]) for index, block in enumerate(inputs) if block[0] != library.node]
    result = library.run(request, memories)
    segments = result.segments()
    count = sum(segment.nbytes for segment in segments) if segments else None
    block = (library.node, None, *map(pickle.PickleBuffer, segments)) if segments else (library.node, result.outcome)
    return (library.node, result.outcome, moved, count, time.monotonic() - begin), block


def copy(block: tuple) -> tuple:
    """The same block as another object, to be brought and dropped: the block itself would stay where it was brought."""
    count = sum(memoryview(segment).nbytes for segment in block[2:])
    return (block[0], b"", [], count, 0), block[:2] + tuple(map(pickle.PickleBuffer, block[2:]))


# MARK: Errors

class StartFailure(Exception):
    """Why there is no Ray: a reason of the protocol, and a line."""

    def __init__(self, reason: int, text: str):
        super().__init__(text)
        self.reason = reason


class UnknownBlock(Exception):
    def __init__(self, name: int):
        super().__init__(f"the cluster holds no block {name}")


def one_line(error) -> str:
    """What happened, without Ray's advice and stack traces."""
    lines = [" ".join(line.split()) for line in str(error).splitlines() if line.strip()]
    if not lines:
        return type(error).__name__
    text = lines[-1] if isinstance(error, ray.exceptions.RayTaskError) else lines[0]
    # Why a block can't be rebuilt comes last, behind a code in brackets.
    text = next((line.partition("] ")[2] for line in lines if line.startswith("[OBJECT_")), text)
    for advice in ("Check", "Consider", "To see", "To help", "See", "Refer to", "Please", "Set `RAY", "This can happen", "The most common"):
        text = text.partition(f" {advice} ")[0]
    return "".join(letter for letter in text if letter.isprintable())[:400]


def described(error) -> tuple:
    """The kind and the line of a failure: an exception, or the sentence of a worker that has no library."""
    if isinstance(error, str):
        return FAILURE_LIBRARY, error
    exceptions = ray.exceptions
    while isinstance(error, exceptions.RayTaskError) and error.cause is not None:
        error = error.cause
    kinds = {
        FAILURE_CANCELLED: (exceptions.TaskCancelledError, KeyboardInterrupt),
        FAILURE_MEMORY: (exceptions.OutOfMemoryError, exceptions.OutOfDiskError, exceptions.ObjectStoreFullError, MemoryError),
        FAILURE_LOST: (exceptions.ObjectLostError, UnknownBlock),
        FAILURE_DIED: (exceptions.WorkerCrashedError, exceptions.NodeDiedError, exceptions.LocalRayletDiedError),
    }
    return next((kind for kind, types in kinds.items() if isinstance(error, types)), FAILURE_OTHER), one_line(error)


# MARK: Processes

def children_of(process: int) -> list:
    found = []
    for path in glob.glob(f"/proc/{process}/task/*/children"):
        try:
            with open(path) as file:
                found += map(int, file.read().split())
        except OSError:
            pass
    return found


def reap():
    """Forgets the children that have ended: this process inherits the orphans of its children."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def kill_descendants(spared: int):
    """Kills all that this process and its children started, but one."""
    end = time.monotonic() + END_SECONDS
    while time.monotonic() < end:
        pending = [process for process in children_of(os.getpid()) if process != spared]
        if not pending:
            return
        for process in pending:
            pending += children_of(process)
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        reap()
        time.sleep(0.002)


def raylet_of(node: str) -> int:
    """The process of a raylet on this machine, or 0."""
    mark = f"--node_id={node}".encode()
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, "rb") as file:
                if mark in file.read().split(b"\0"):
                    return int(path.split("/")[2])
        except OSError:
            pass
    return 0


# MARK: Ray

def load_ray():
    """Makes `ray` and `numpy` known to this module, or answers why they can't be used."""
    global numpy, ray
    python = ".".join(map(str, sys.version_info[:3]))
    os.environ.update(ENVIRONMENT)
    begin = time.monotonic()
    try:
        import ray
        if tuple(map(int, ray.__version__.split(".")[:2])) < MINIMUM_RAY or sys.version_info < MINIMUM_PYTHON:
            wanted = f"{'.'.join(map(str, MINIMUM_RAY))} and {'.'.join(map(str, MINIMUM_PYTHON))}"
            text = f"{sys.executable} has ray {ray.__version__} and Python {python}, which are to be at least {wanted}"
            return StartFailure(NO_FITTING_VERSION, text)
        import numpy
        import ray.util.scheduling_strategies
    except Exception as error:
        return StartFailure(NO_RAY, f"{sys.executable} (Python {python}) can't import ray and numpy: {' '.join(str(error).split())}")
    log(f"import: {time.monotonic() - begin:.2f} s")
    return None


# Waits until this process has ended, however that came, or says that it is about to: Ray may hold up all of its threads while it
# connects to what is gone already. Workers that were just starting then look for their raylet for a while yet, under a name that says
# nothing, and what ends may still write for a moment.
CLEANING = """
if read end; then sleep 1; kill -9 "$BRIDGE"; fi
for i in 1 2 3; do
    { grep -lsF "$FOLDER" /proc/[0-9]*/cmdline; grep -lsF "RAY_TMPDIR=$FOLDER" /proc/[0-9]*/environ; } | tr -dc '0-9\\n' | xargs kill -9
    rm -rf "$FOLDER"
    sleep 0.3
done 2>/dev/null
"""


@functools.lru_cache(maxsize=None)
def own_node_class():
    """Ray's class for what it starts on a machine, without dashboard, logs and agents, which take seconds and are not needed here."""
    from ray import _raylet
    from ray._private import node, services
    start_ray_process = services.start_ray_process

    def start_without_agents(command, *arguments, **options):
        # A raylet ends with its agents. In the place of each is a process that waits for the raylet to end.
        agents = ("--dashboard_agent_command=", "--runtime_env_agent_command=")
        command = [word.partition("=")[0] + '=sh -c "exec cat"' if word.startswith(agents) else word for word in command]
        return start_ray_process(command, *arguments, **options)

    services.start_ray_process = start_without_agents

    class OwnNode(node.Node):
        def start_api_server(self, **_):
            pass

        def start_raylet(self, *arguments, **options):
            # The raylet waits for its agents to tell their ports.
            for name in ("METRICS_AGENT", "METRICS_EXPORT", "DASHBOARD_AGENT_LISTEN", "RUNTIME_ENV_AGENT"):
                _raylet.persist_port(self._session_dir, self._node_id, getattr(_raylet, name + "_PORT_NAME"), 1)
            super().start_raylet(*arguments, **options)

    return OwnNode


class OwnRay:
    """A Ray on this machine with no more processes than it needs, in a folder of its own. The kernel ends it with this process."""

    def __init__(self, cpus: int, store_bytes: int):
        self.cpus, self.store_bytes, self.address, self.is_ending = cpus, store_bytes, None, False
        self.count, self.raylets = 0, {}
        self.folder = tempfile.mkdtemp(prefix="dsh-ray-")
        self.cleaner = subprocess.Popen(
            ["/bin/sh", "-c", CLEANING], stdin=subprocess.PIPE, start_new_session=True,
            env={**os.environ, "FOLDER": self.folder, "BRIDGE": str(os.getpid())})

    def start(self, nodes: int):
        # It listens on the loopback interface only, by the variable with which Ray does that on other systems. Ray has looked at it when it
        # was imported; workers will.
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"], ray._private.ray_constants.ENABLE_RAY_CLUSTER = "0", False
        # What Ray notes for all Rays of a user goes into this one's folder too.
        os.environ["RAY_TMPDIR"] = self.folder
        # Other users of the machine don't know the token, without which they could run anything here.
        os.environ.update({"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)})
        ray._raylet.Config.initialize("")
        self.address = self.start_node(head=True, _system_config=own_configuration(self.cpus)).gcs_address
        self.add_nodes(nodes - 1)

    def start_node(self, head: bool = False, **parameters):
        if self.is_ending:
            raise StartFailure(NO_START, "the end came first")
        self.count += 1
        # Sockets are named here, as raylets that start at the same time would choose the same names.
        parameters = ray._private.parameter.RayParams(
            num_cpus=self.cpus, num_gpus=0, object_store_memory=self.store_bytes, temp_dir=self.folder, gcs_address=self.address,
            include_log_monitor=False, no_monitor=True, include_dashboard=False,
            min_worker_port=0, max_worker_port=0, dashboard_agent_listen_port=0,
            plasma_store_socket_name=f"{self.folder}/s{self.count}", raylet_socket_name=f"{self.folder}/r{self.count}", **parameters)
        node = own_node_class()(parameters, head=head, shutdown_at_exit=False, spawn_reaper=True)
        self.raylets[node.node_id] = node.all_processes["raylet"][0].process
        return node

    def add_nodes(self, count: int):
        for _ in range(count):
            threading.Thread(target=self.add_node, daemon=True).start()

    def add_node(self):
        try:
            self.start_node()
        except Exception as error:
            log(f"no further raylet: {one_line(error)}")
        # The kernel ends a raylet with the thread that started it.
        threading.Event().wait()

    def kill_node(self, node: str):
        """Ends a raylet as a crash would; but not that of the driver, without which there is no cluster."""
        if node in self.raylets and node != ray.get_runtime_context().get_node_id():
            self.raylets[node].kill()
        else:
            log(f"raylet {node} is not killed")


class Nodes:
    """The raylets that live, and those that ended since the start. Belongs to the thread that watches them."""

    def __init__(self, own):
        self.own, self.driver = own, ray.get_runtime_context().get_node_id()
        # The driver's comes first.
        self.known = {self.driver: None}

    def look(self) -> bytes:
        """The list as it is sent."""
        for node in ray.nodes():
            name, resources, is_alive = node["NodeID"], node["Resources"], node["Alive"]
            raylet = self.own.raylets.get(name) if self.own else None
            if is_alive and self.known.get(name) is None:
                process = raylet.pid if raylet else raylet_of(name)
                cpus, store_bytes = int(resources.get("CPU", 0)), int(resources.get("object_store_memory", 0))
                self.known[name] = [node["NodeManagerAddress"], process, cpus, store_bytes, True]
            if self.known.get(name) is not None:
                # Ray takes two seconds to be sure of what is plain to see here.
                self.known[name][4] = is_alive and (raylet is None or raylet.poll() is None)
        return encode_list(
            encode_bytes(name) + encode_bytes(host) + struct.pack("<q??qq", process, is_alive, name == self.driver, cpus, store_bytes)
            for name, known in self.known.items() if known is not None for host, process, cpus, store_bytes, is_alive in [known])


# MARK: Tasks

class Block:
    """A block that the cluster holds, because this reference to it is kept."""

    def __init__(self, reference):
        self.reference, self.maker, self.byte_count, self.is_inline = reference, None, None, False
        # Where else Ray has it, because tasks that ran there read it.
        self.copies = set()

    def made(self, node: str, byte_count: int):
        self.byte_count = byte_count
        self.is_inline = byte_count <= INLINE_OBJECT_BYTES and not self.places()[0]
        self.maker = None if self.is_inline else node

    def places(self) -> tuple:
        """The nodes that have it, and whether it is on a disk."""
        found = ray.experimental.get_local_object_locations([self.reference]).get(self.reference, {})
        nodes = found.get("node_ids") or []
        # Ray learns of the place a moment after the end of the task.
        if nodes:
            self.maker = None
        return nodes or ([self.maker] if self.maker else []), bool(found.get("did_spill"))


class Gather:
    """Rows that are brought together for a task, as a block of their own."""

    def __init__(self, reader: Reader):
        self.node, self.request, self.blocks = reader.string(), reader.bytes(), reader.names()
        self.small = self.bundle = self.answer = None


class Run:
    """A task of the head, from its frame to its answer."""

    def __init__(self, reader: Reader):
        self.task, self.block, self.node = reader.unsigned(), reader.unsigned(), reader.string()
        self.is_retriable, self.request = reader.bool(), reader.bytes()
        self.inputs = reader.list(lambda: Gather(reader) if reader.byte() else reader.unsigned())
        self.gathers = [item for item in self.inputs if isinstance(item, Gather)]
        self.small, self.is_cancelled, self.has_ended = None, False, False

    def has_gathered(self) -> bool:
        return self.small is not None and all(gather.answer is not None for gather in self.gathers)


class Lane:
    """The light tasks of a node: those that run, and those that wait for their turn."""

    def __init__(self):
        self.running, self.waiting = 0, deque()


class Tasks:
    """The tasks that were submitted, and the blocks that are held. Belongs to the main thread."""

    def __init__(self, channel: Channel, inbox, library: str, version: str, driver: str):
        self.channel, self.inbox, self.driver = channel, inbox, driver
        self.blocks, self.runs, self.lanes = {}, {}, defaultdict(Lane)
        self.execute, self.copy = ray.remote(task_of(library, version)), ray.remote(copy)
        # Something that is there, for which Ray's thread calls back when it has done what it was asked before.
        self.ready = ray.put(None)
        # Waiting for bytes takes a thread.
        self.bringers, self.remote_files = ThreadPoolExecutor(8), RemoteFiles()

    @functools.lru_cache(maxsize=1000)
    def options(self, function, node: str, cpus: int, retries: int):
        strategy = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy(node, soft=True) if node else None
        return function.options(num_returns=2, num_cpus=cpus, max_retries=retries, scheduling_strategy=strategy)

    def submit(self, node: str, request: bytes, inputs: list, cpus: int = 0, retries: int = RETRIES) -> list:
        """A reference to the small result, and one to the block."""
        return self.options(self.execute, node, cpus, retries).remote(request, *inputs)

    def when_done(self, reference, handle):
        # This is called by a thread of Ray's that must not be held up.
        reference._on_completed(lambda answer: self.inbox.put(functools.partial(handle, answer)))

    def reference(self, name: int):
        if name not in self.blocks:
            raise UnknownBlock(name)
        return self.blocks[name].reference

    def references(self, names: list) -> list:
        return [self.reference(name) for name in names]

    # Light tasks

    def add_light(self, node: str, submit, finish):
        """Calls `submit`, which gives a reference, when it is the turn of it, and then `finish` with the result or what went wrong."""
        self.lanes[node].waiting.append((submit, finish))
        self.advance(node)

    def advance(self, node: str):
        lane = self.lanes[node]
        while lane.waiting and lane.running < LIGHT_TASKS_PER_NODE:
            submit, finish = lane.waiting.popleft()
            try:
                reference = submit()
            except Exception as error:
                finish(error)
                continue
            lane.running += 1
            self.when_done(reference, functools.partial(self.finish_light, node, finish))

    def finish_light(self, node: str, finish, answer):
        self.lanes[node].running -= 1
        finish(answer)
        self.advance(node)

    # Runs

    def run(self, run: Run):
        self.runs[run.task] = run
        for gather in run.gathers:
            try:
                self.start_gather(run, gather)
            except Exception as error:
                return self.fail(run, error)
        self.start_run(run)

    def start_gather(self, run: Run, gather: Gather):
        gather.small, gather.bundle = self.submit(gather.node, gather.request, self.references(gather.blocks), cpus=1)
        self.when_done(gather.small, functools.partial(self.finish_gather, run, gather))

    def finish_gather(self, run: Run, gather: Gather, answer):
        gather.answer = answer
        if run.is_cancelled and run.has_gathered():
            self.cancel_run(run)

    def start_run(self, run: Run):
        try:
            inputs = [item.bundle if isinstance(item, Gather) else self.reference(item) for item in run.inputs]
            run.small, block = self.submit(run.node, run.request, inputs, 1, RETRIES if run.is_retriable else 0)
        except Exception as error:
            return self.fail(run, error)
        self.blocks[run.block] = Block(block)
        self.when_done(run.small, functools.partial(self.finish_run, run))

    def finish_run(self, run: Run, answer):
        run.has_ended = True
        if self.runs.get(run.task) is not run:
            return
        if not isinstance(answer, tuple):
            return self.fail(run, answer)
        node, outcome, moved, count, seconds = answer
        block = self.blocks.get(run.block)
        if count is None:
            self.blocks.pop(run.block, None)
        elif block is not None:
            block.made(node, count)
        transfers = self.transfers(run.inputs, node, moved)
        for gather in run.gathers:
            if isinstance(gather.answer, tuple):
                transfers += self.transfers(gather.blocks, gather.answer[0], gather.answer[2])
        del self.runs[run.task]
        self.channel.send(
            KIND_DONE, struct.pack("<Q", run.task), encode_bytes(node), encode_bytes(outcome),
            encode_list(encode_bytes(source) + struct.pack("<q", size) for source, size in transfers),
            struct.pack("<q?d", -1 if count is None else count, block is not None and block.is_inline, seconds))

    def transfers(self, inputs: list, node: str, moved: list) -> list:
        """What came to a task from other nodes. A whole block that came is counted once, as Ray leaves a copy of it."""
        found = []
        for index, source, size in moved:
            block = None if isinstance(inputs[index], Gather) else self.blocks.get(inputs[index])
            if block is None or block.is_inline or node not in block.copies:
                found.append((source, size))
                if block is not None:
                    block.copies.add(node)
        return found

    def fail(self, run: Run, error):
        del self.runs[run.task]
        if run.small is not None:
            self.blocks.pop(run.block, None)
        # What was interrupted can fail in many ways.
        kind, text = (FAILURE_CANCELLED, "cancelled") if run.is_cancelled else described(error)
        self.channel.send(KIND_FAILED, struct.pack("<QB", run.task, kind), encode_bytes(text))

    def cancel(self, task: int):
        run = self.runs.get(task)
        if run is None or run.is_cancelled:
            return
        run.is_cancelled = True
        for gather in run.gathers:
            self.cancel_submitted(gather.small, lambda gather=gather: gather.answer is not None)
        if run.has_gathered():
            self.cancel_run(run)
        else:
            # It waits for rows. If they come in spite of this, `finish_gather` sees to the rest.
            self.fail(run, ray.exceptions.TaskCancelledError("cancelled"))

    def cancel_run(self, run: Run):
        self.cancel_submitted(run.small, lambda: run.has_ended)

    def cancel_submitted(self, reference, has_ended):
        """Cancels a task when Ray's thread has seen to its submission: before that, Ray may count its references twice, and crash
        (ray#55131). On that thread, which takes in the answers of workers too: amid one, Ray would end the task twice, and crash as well
        (ray#54738). And again, until it has ended: a worker that is just getting its inputs may miss the interrupt."""
        def cancel(_):
            if not has_ended():
                ray.cancel(reference, force=False, recursive=False)
                self.inbox.put(later)

        def later():
            again = functools.partial(self.inbox.put, lambda: self.cancel_submitted(reference, has_ended))
            threading.Timer(CANCEL_SECONDS, again).start()

        if reference is not None and not has_ended():
            # That thread calls back in order: for the submission itself, and for what it may put off.
            self.ready._on_completed(lambda _: self.ready._on_completed(cancel))

    # Answers

    def call(self, number: int, node: str, request: bytes, names: list):
        self.answer_from(number, node, lambda: self.submit(node, request, self.references(names)))

    def fetch(self, number: int, name: int):
        block = self.blocks.get(name)
        if block is None:
            return self.unanswered(number, UnknownBlock(name))
        nodes, _ = block.places()
        if block.is_inline or self.driver in nodes:
            self.bringers.submit(self.bring, number, b"", block.reference)
        else:
            node = nodes[0] if nodes else ""
            self.answer_from(number, node, lambda: self.options(self.copy, node, 0, RETRIES).remote(block.reference))

    def answer_from(self, number: int, node: str, submit):
        """Answers with what a light task makes, which is dropped afterwards."""
        made = []

        def start():
            small, block = submit()
            made.append(block)
            return small

        def finish(answer):
            if not isinstance(answer, tuple):
                self.unanswered(number, answer)
            elif answer[3] is None:
                self.answered(number, answer[0], answer[1], ())
            else:
                self.bringers.submit(self.bring, number, answer[1], made.pop())

        self.add_light(node, start, finish)

    def bring(self, number: int, outcome: bytes, reference):
        """Brings a block to the head, on a thread that may wait."""
        try:
            block = ray.get(reference)
            self.answered(number, block[0], outcome, block[2:])
        except Exception as error:
            self.unanswered(number, error)

    def answered(self, number: int, node: str, outcome: bytes, segments: tuple):
        size, descriptor = sum(memoryview(segment).nbytes for segment in segments), None
        if not segments:
            payload = b"\0"
        elif size <= INLINE_PAYLOAD_BYTES:
            payload = b"\1" + encode_bytes(b"".join(segments))
        else:
            payload, descriptor = b"\2" + struct.pack("<q", size), sealed_memory(segments)
        fields = struct.pack("<Q", number), encode_bytes(node), encode_bytes(outcome), payload
        self.channel.send(KIND_ANSWERED, *fields, descriptor=descriptor)

    def ask_file(self, number: int, operation: int, address: str, numbers: list):
        """Answers, on a thread that may wait, with the entry of a file, those of a folder, bytes, or the address of what is shipped."""
        try:
            if operation == FILE_ENTRY:
                found = encoded_entry(self.remote_files.entry(address))
            elif operation == FILE_ENTRIES:
                entries = self.remote_files.entries(address)
                found = encode_list(encode_bytes(name) + encode_bytes(encoded_entry(entry)) for name, entry in entries)
            elif operation == FILE_READ:
                found = self.remote_files.read(address, *numbers)
            else:
                found = shipped(address, numbers).encode()
            self.answered(number, "", b"", (found,))
        except Exception as error:
            self.channel.send(KIND_UNANSWERED, struct.pack("<QB", number, FAILURE_FILE), encode_bytes(problem_line(error)))

    def unanswered(self, number: int, error):
        kind, text = described(error)
        self.channel.send(KIND_UNANSWERED, struct.pack("<QB", number, kind), encode_bytes(text))

    # Blocks

    def release(self, names: list):
        for name in names:
            self.blocks.pop(name, None)

    def locate(self, number: int, names: list):
        """Tells where blocks are that are there."""
        places = []
        for name in names:
            block = self.blocks.get(name)
            if block is not None and block.byte_count is not None:
                nodes, is_spilled = block.places()
                nodes = encode_list(map(encode_bytes, nodes))
                places.append(struct.pack("<Q", name) + nodes + struct.pack("<q?", block.byte_count, is_spilled))
        self.channel.send(KIND_LOCATED, struct.pack("<Q", number), encode_list(places))


def sealed_memory(segments: tuple) -> int:
    """A memory file with the bytes, which nobody can change any more."""
    descriptor = os.memfd_create("dsh-rows", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    for segment in segments:
        view = memoryview(segment).cast("B")
        while view.nbytes:
            view = view[os.write(descriptor, view[:1 << 30]):]
    os.lseek(descriptor, 0, os.SEEK_SET)
    fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)
    return descriptor


# MARK: The bridge

class Bridge:
    """The process: it reads frames, starts or joins Ray, and ends with the socket, by SIGTERM, or when it is told to."""

    def __init__(self):
        self.inbox = queue.SimpleQueue()
        self.own = self.nodes = self.tasks = self.shipped = None
        self.leaving = threading.Lock()
        self.channel = Channel()
        self.wakeup, signalled = os.pipe()
        os.set_blocking(signalled, False)
        signal.set_wakeup_fd(signalled, warn_on_full_buffer=False)
        self.catch_signals()
        threading.Thread(target=self.read, daemon=True).start()

    def catch_signals(self):
        # Ray sets handlers of its own while it starts. What counts is that the reading thread is woken. An interrupt is the shell's affair;
        # it is not ignored, because workers would inherit that, and it is by this signal that Ray cancels tasks.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: None)

    def read(self):
        """Takes frames and signals until the end; on a thread of its own, so that the bridge can end while it starts."""
        poll, descriptor = select.poll(), self.channel.socket.fileno()
        for source in (descriptor, self.wakeup):
            poll.register(source, select.POLLIN)
        while True:
            ready = dict(poll.poll())
            if self.wakeup in ready and signal.SIGTERM in os.read(self.wakeup, 64):
                break
            if descriptor in ready:
                frames = self.channel.receive()
                if frames is None or any(frame[:1] == STOP for frame in frames):
                    break
                for frame in frames:
                    self.inbox.put(functools.partial(self.handle, Reader(frame)))
        self.end()

    def serve(self):
        failure = load_ray()
        while True:
            work = self.inbox.get()
            try:
                if failure is None:
                    work()
                else:
                    self.refuse(failure)
            except Exception as error:
                log(f"error of the bridge: {error!r}")

    def handle(self, reader: Reader):
        kind, tasks, own = reader.byte(), self.tasks, self.own
        if kind == 1:
            self.start(reader.string(), reader.string(), reader.int(), reader.int(), reader.int(), reader.string(), reader.bool())
        elif tasks is None:
            log(f"a frame of kind {kind} before the start")
        elif kind == 2:
            tasks.run(Run(reader))
        elif kind == 3:
            tasks.call(reader.unsigned(), reader.string(), reader.bytes(), reader.names())
        elif kind == 4:
            tasks.fetch(reader.unsigned(), reader.unsigned())
        elif kind == 5:
            tasks.cancel(reader.unsigned())
        elif kind == 6:
            tasks.release(reader.names())
        elif kind == 7:
            tasks.locate(reader.unsigned(), reader.names())
        elif kind == 8:
            question = reader.unsigned(), reader.byte(), reader.string(), reader.list(reader.int)
            tasks.bringers.submit(tasks.ask_file, *question)
        elif kind == 9 and own:
            own.add_nodes(reader.int())
        elif kind == 10 and own:
            own.kill_node(reader.string())

    # The start

    def start(self, version: str, address: str, count: int, cpus: int, store_bytes: int, library: str, is_shipped: bool):
        begin = time.monotonic()
        try:
            check_library(library, version)
            if address == "":
                self.own = OwnRay(cpus, store_bytes)
                self.own.start(count)
                log(f"first raylet: {time.monotonic() - begin:.2f} s")
            self.connect(reachable(address) if address else self.own.address, self.shipping(library) if is_shipped else None)
            log(f"connected: {time.monotonic() - begin:.2f} s")
            self.nodes = Nodes(self.own)
            found = self.nodes.look()
            while self.own and len(self.nodes.known) < count and time.monotonic() < begin + START_SECONDS:
                time.sleep(0.01)
                found = self.nodes.look()
            log(f"all raylets: {time.monotonic() - begin:.2f} s")
        except Exception as error:
            return self.refuse(error if isinstance(error, StartFailure) else StartFailure(NO_START, one_line(error)))
        self.tasks = Tasks(self.channel, self.inbox, SHIPPED_LIBRARY if is_shipped else library, version, self.nodes.driver)
        python = ".".join(map(str, sys.version_info[:3]))
        self.channel.send(KIND_STARTED, encode_bytes(ray.__version__), encode_bytes(python), struct.pack("<?", self.own is not None), found)
        threading.Thread(target=self.watch, args=(found,), daemon=True).start()

    def refuse(self, failure: StartFailure):
        self.channel.send(KIND_NOT_STARTED, struct.pack("<B", failure.reason), encode_bytes(str(failure)))

    def connect(self, address: str, environment):
        try:
            ray.init(address, log_to_driver=False, logging_level="ERROR", configure_logging=False, runtime_env=environment)
        except Exception as error:
            text = " ".join(str(error).split())
            if "ersion mismatch" in text:
                raise StartFailure(NO_FITTING_VERSION, text) from None
            raise StartFailure(NO_START if self.own else NO_CONNECTION, one_line(error)) from None
        finally:
            self.catch_signals()

    def shipping(self, library: str) -> dict:
        """What makes Ray bring the library to each node that runs tasks."""
        self.shipped = tempfile.mkdtemp(prefix="dsh-ship-")
        path = os.path.join(self.shipped, SHIPPED_LIBRARY)
        os.mkdir(os.path.dirname(path))
        shutil.copyfile(library, path)
        return {"py_modules": [os.path.dirname(path)]}

    def watch(self, before: bytes):
        """Tells the nodes when something has changed."""
        while True:
            time.sleep(WATCH_SECONDS)
            try:
                now = self.nodes.look()
                if now != before:
                    self.channel.send(KIND_NODES, now)
                before = now
                reap()
            except Exception as error:
                if not ray.is_initialized():
                    return
                log(f"nodes are not known: {one_line(error)}")

    # The end

    def end(self):
        """Leaves Ray, and ends it if it is an own one, in whatever state it is; after some time without its help."""
        threading.Thread(target=self.leave_late, daemon=True).start()
        try:
            if self.own:
                self.own.is_ending = True
            if self.nodes:
                # The raylets end the workers of a driver that leaves.
                ray.shutdown()
        except BaseException as error:
            log(f"error at the end: {error!r}")
        self.leave()

    def leave_late(self):
        time.sleep(END_SECONDS)
        self.leave()

    def leave(self):
        if not self.leaving.acquire(blocking=False):
            threading.Event().wait()
        if self.own:
            os.write(self.own.cleaner.stdin.fileno(), b"end\n")
        kill_descendants(spared=self.own.cleaner.pid if self.own else 0)
        for folder in (self.own and self.own.folder, self.shipped):
            if folder:
                shutil.rmtree(folder, ignore_errors=True)
        self.channel.send(KIND_STOPPED)
        self.channel.flush()
        if self.own and not os.path.exists(self.own.folder):
            self.own.cleaner.kill()
        os._exit(0)


def check_library(path: str, version: str):
    try:
        found = Library(path).version
    except (OSError, AttributeError) as error:
        raise StartFailure(NO_LIBRARY, f"can't load the library: {' '.join(str(error).split())}") from None
    if found != version:
        raise StartFailure(NO_LIBRARY, f"{path} is version {found} of dsh, the shell has version {version}")


def reachable(address: str) -> str:
    """Where a Ray is that runs already. Ray itself would try for more than a minute where nobody listens."""
    try:
        found = ray._private.services.canonicalize_bootstrap_address_or_die(address)
        host, _, port = found.rpartition(":")
        socket.create_connection((host.strip("[]"), int(port)), CONNECT_SECONDS).close()
    except Exception as error:
        raise StartFailure(NO_CONNECTION, f"no Ray answers at {address}: {one_line(error)}") from None
    authenticate(found)
    return found


def authenticate(address: str):
    """Sees to it that this process gives a token where a Ray asks for one, and asks for none itself where not. Ray would decide by whether this
    person has a token, and then fail late, and in words about other things, if that is not how the cluster has it."""
    def is_refused() -> bool:
        try:
            ray._raylet.GcsClient(address=address)
        except ray.exceptions.AuthenticationError:
            return True
        return False

    if not is_refused():
        os.environ.setdefault("RAY_AUTH_MODE", "disabled")
    elif not ray._private.authentication.authentication_token_setup.maybe_enable_token_auth_if_token_available(warn_if_disabled=False):
        raise StartFailure(NO_TOKEN, f"the Ray at {address} asks for a token, and there is none here")
    elif is_refused():
        raise StartFailure(NO_TOKEN, f"the Ray at {address} does not take the token that is here")


def main():
    parent = os.getppid()
    # Threads here hand each other small things: with Python's usual 5 ms, each would wait for the other.
    sys.setswitchinterval(0.0005)
    # A signal when the parent ends (PR_SET_PDEATHSIG), and the orphans of the children become children (PR_SET_CHILD_SUBREAPER).
    for option, value in ((1, signal.SIGTERM), (36, 1)):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)
    bridge = Bridge()
    if os.getppid() != parent:
        bridge.end()
    bridge.serve()


if __name__ == "__main__":
    main()
