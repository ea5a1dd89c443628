"""Rows of this process for dsh: whatever has rows, written as an Arrow file into memory that is handed over."""

from __future__ import annotations

import os
from typing import Any

import pyarrow as pa
import pyarrow.ipc

#: dsh reads a batch as a task: enough of them for all nodes, and not so many that tasks cost more than rows.
BATCH_ROWS = 1 << 17

#: Types that dsh does not read, and those with the same values that it does.
_PLAIN_TYPES = {pa.large_string(): pa.string(), pa.large_binary(): pa.binary()}
for _view, _plain in (("string_view", "string"), ("binary_view", "binary")):
    if hasattr(pa, _view):
        _PLAIN_TYPES[getattr(pa, _view)()] = getattr(pa, _plain)()


def reader_of(data: Any) -> pa.RecordBatchReader:
    """The rows of an Arrow table, batch or reader, of a frame of pandas or polars, of a dictionary of columns, or of anything else that speaks the
    Arrow PyCapsule interface. Raises `TypeError` for other values."""
    if isinstance(data, pa.RecordBatchReader):
        return data
    if isinstance(data, pa.RecordBatch):
        return pa.RecordBatchReader.from_batches(data.schema, [data])
    if type(data).__module__.partition(".")[0] == "pandas":
        # Its index is no column, unless somebody makes it one.
        data = pa.Table.from_pandas(data, preserve_index=False)
    elif isinstance(data, dict):
        data = pa.table(data)
    elif hasattr(data, "__arrow_c_stream__") and not isinstance(data, pa.Table):
        return pa.RecordBatchReader.from_stream(data)
    if not isinstance(data, pa.Table):
        raise TypeError(f"rows are to be an Arrow table, batch or reader, or a data frame, not {type(data).__name__}")
    # A column has one dictionary in a file.
    return data.unify_dictionaries().to_reader(max_chunksize=BATCH_ROWS)


def memory_file_of(reader: pa.RecordBatchReader) -> int:
    """The descriptor of a memory file that holds the rows as an Arrow IPC stream; the caller closes it."""
    descriptor = os.memfd_create("dsh-arrow", os.MFD_CLOEXEC)
    try:
        schema = pa.schema([field.with_type(_plain_type(field.type)) for field in reader.schema])
        with os.fdopen(os.dup(descriptor), "wb") as file, pyarrow.ipc.new_stream(file, schema) as writer:
            for batch in reader:
                writer.write_table(pa.Table.from_batches([batch]).cast(schema) if batch.schema != schema else pa.Table.from_batches([batch], schema))
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _plain_type(type: pa.DataType) -> pa.DataType:
    """The type that dsh reads for one that holds the same values."""
    if pa.types.is_dictionary(type):
        return pa.dictionary(type.index_type, _plain_type(type.value_type))
    if pa.types.is_large_list(type) or pa.types.is_list(type):
        return pa.list_(type.value_field.with_type(_plain_type(type.value_type)))
    if pa.types.is_struct(type):
        return pa.struct([type.field(place).with_type(_plain_type(type.field(place).type)) for place in range(type.num_fields)])
    return _PLAIN_TYPES.get(type, type)
