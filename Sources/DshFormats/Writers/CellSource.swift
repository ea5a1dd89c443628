// A column's buffers as plain pointers, so that a writer's loop over rows counts no references.
import DshColumns

/// The cells of one column for as long as the column is held by the caller.
struct CellSource {
  enum Kind {
    case int64
    case float64
    case bool
    case date
    case timestamp
    case text
    case dictionary
    /// Lists, structures, binary and the null type: printed by `CellText`.
    case other
  }

  let kind: Kind
  let column: Column
  private let values: UnsafeRawPointer
  private let offsets: UnsafePointer<Int32>
  private let bytes: UnsafeRawPointer
  private let validity: UnsafePointer<UInt8>?

  init(_ column: Column) {
    self.column = column
    validity = column.validity.map { $0.buffer.pointer(to: UInt8.self) }
    var kind = Kind.other
    var values = Buffer.empty.address
    var offsets = Buffer.empty.pointer(to: Int32.self)
    var bytes = values
    switch column.storage {
    case .bits(let buffer): (kind, values) = (.bool, buffer.address)
    case .fixed(let buffer):
      values = buffer.address
      switch column.type {
      case .int64: kind = .int64
      case .float64: kind = .float64
      case .date: kind = .date
      default: kind = .timestamp
      }
    case .text(let ends, let text) where column.type == .string:
      (kind, offsets, bytes) = (.text, ends.pointer(to: Int32.self), text.address)
    case .dictionary(let codes, _, let ends, let text) where column.type == .string:
      (kind, values, offsets, bytes) = (.dictionary, codes.address, ends.pointer(to: Int32.self), text.address)
    default: break
    }
    self.kind = kind
    self.values = values
    self.offsets = offsets
    self.bytes = bytes
  }

  @inline(__always) func isNull(_ row: Int) -> Bool {
    if let validity { return validity[row &>> 3] & (1 &<< UInt8(truncatingIfNeeded: row & 7)) == 0 }
    return column.type == .null
  }

  /// Whether the cells are text that may need escaping.
  var isText: Bool { kind == .text || kind == .dictionary }

  /// The bytes of a cell of text.
  @inline(__always) func text(_ row: Int) -> UnsafeRawBufferPointer {
    let index = kind == .dictionary ? Int(values.assumingMemoryBound(to: UInt8.self)[row]) : row
    return UnsafeRawBufferPointer(start: bytes + Int(offsets[index]), count: Int(offsets[index &+ 1] &- offsets[index]))
  }

  /// Appends a cell that is not null, as tables show it.
  @inline(__always) func append(_ row: Int, to output: MutableBuffer) {
    switch kind {
    case .int64: CellText.append(int64: values.assumingMemoryBound(to: Int64.self)[row], to: output)
    case .float64: CellText.append(float64: values.assumingMemoryBound(to: Double.self)[row], to: output)
    case .bool:
      CellText.append(
        bool: values.assumingMemoryBound(to: UInt8.self)[row &>> 3] & (1 &<< UInt8(truncatingIfNeeded: row & 7)) != 0, to: output)
    case .date: Calendar.append(date: Int(values.assumingMemoryBound(to: Int32.self)[row]), to: output)
    case .timestamp: Calendar.append(timestamp: values.assumingMemoryBound(to: Int64.self)[row], to: output)
    case .text, .dictionary: CellText.append(bytes: text(row), to: output)
    case .other: CellText.append(column, row: row, to: output)
    }
  }

  /// Appends a cell as a JSON value.
  @inline(__always) func appendJSON(_ row: Int, to output: MutableBuffer) {
    if isNull(row) { return CellText.append("null", to: output) }
    switch kind {
    case .int64, .bool: append(row, to: output)
    case .text, .dictionary: CellText.appendJSON(text: text(row), to: output)
    default: CellText.appendJSON(column, row: row, to: output)
    }
  }
}
