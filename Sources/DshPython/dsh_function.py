"""Runs a function over the batches of Arrow streams, one stream after another until there are no more: what `map_batches --python` starts.

    python3 -c TEXT FILE FUNCTION FRAMES [STATE]

Each stream that comes is answered by one. The function gets each batch as FRAMES says (pandas, polars or arrow), and gives back rows: a frame of either
library, an Arrow table or batch, or a dictionary of columns. STATE is not looked at: another state of the file is another process.
"""

import importlib.util
import os
import sys

FILE, FUNCTION, FRAMES = sys.argv[1:4]
# What the function prints is no answer.
ANSWER = os.fdopen(os.dup(1), "wb")
os.dup2(2, 1)


def loaded():
    sys.path.insert(0, os.path.dirname(FILE))
    specification = importlib.util.spec_from_file_location(os.path.splitext(os.path.basename(FILE))[0], FILE)
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    function = getattr(module, FUNCTION, None)
    if not callable(function):
        sys.exit(f"{FILE} has no function {FUNCTION}")
    return function


def frame_of(batch):
    table = pyarrow.Table.from_batches([batch])
    if FRAMES == "pandas":
        return table.to_pandas()
    if FRAMES == "polars":
        import polars
        return polars.from_arrow(table)
    return table


def table_of(result):
    if isinstance(result, pyarrow.RecordBatch):
        return pyarrow.Table.from_batches([result])
    if isinstance(result, pyarrow.Table):
        return result
    if isinstance(result, dict):
        return pyarrow.table(result)
    if hasattr(result, "to_arrow"):
        return result.to_arrow()
    if type(result).__module__.partition(".")[0] == "pandas" and hasattr(result, "columns"):
        return pyarrow.Table.from_pandas(result, preserve_index=False)
    sys.exit(f"{FUNCTION} is to give back a data frame, an Arrow table or a dictionary of columns, not {type(result).__name__}")


def plain(table):
    """Columns in the types that streams are read in: dictionaries and large texts are laid out plainly."""
    fields = []
    for field in table.schema:
        kind = field.type.value_type if pyarrow.types.is_dictionary(field.type) else field.type
        kind = pyarrow.string() if pyarrow.types.is_large_string(kind) or str(kind) == "string_view" else kind
        fields.append(pyarrow.field(field.name, kind))
    return table.cast(pyarrow.schema(fields))


def answer(function, reader):
    writer = None
    batches = iter(reader)
    while True:
        batch = next(batches, None)
        if batch is None and writer is not None:
            break
        # Where no rows come, those of none tell the columns.
        rows = plain(table_of(function(frame_of(pyarrow.RecordBatch.from_pylist([], reader.schema) if batch is None else batch))))
        if writer is None:
            schema = rows.schema
            writer = pyarrow.ipc.new_stream(ANSWER, schema)
        writer.write_table(rows if rows.schema == schema else rows.cast(schema))
        if batch is None:
            break
    writer.close()
    ANSWER.flush()


def main():
    global pyarrow
    try:
        import pyarrow
        import pyarrow.ipc
    except ImportError as error:
        sys.exit(f"{sys.executable} has no pyarrow: python3 -m pip install pyarrow {FRAMES if FRAMES != 'arrow' else ''} ({error})")
    function = loaded()
    source = sys.stdin.buffer
    # Another stream begins with bytes; nobody asks any more at the end.
    while source.peek(1):
        answer(function, pyarrow.ipc.open_stream(source))


main()
