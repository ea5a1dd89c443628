// A column's buffers as plain pointers, so that a writer's loop over rows counts no references.
import DshColumns

/// The cells of one column for as long as somebody holds the column.
struct CellSource: BitwiseCopyable {
  enum Kind: BitwiseCopyable {
    case int64
    case float64
    case bool
    case date
    case timestamp
    case text
    case dictionary
    /// Its codes are of two bytes.
    case wideDictionary
    case null
    /// Other values of fixed width.
    case number
    /// Those of them that tell a time.
    case time
    /// Lists, structures and binary: printed by `CellText`.
    case other
  }

  let kind: Kind
  private let values: UnsafeRawPointer
  private let offsets: UnsafePointer<Int32>
  private let bytes: UnsafeRawPointer
  private let validity: UnsafePointer<UInt8>?
  private let printed: FixedText?

  init(_ column: Column) {
    validity = column.validity.map { $0.buffer.pointer(to: UInt8.self) }
    var kind = Kind.other
    var values = Buffer.empty.address
    var offsets = Buffer.empty.pointer(to: Int32.self)
    var bytes = values
    var printed: FixedText?
    switch column.storage {
    case .none: kind = .null
    case .bits(let buffer): (kind, values) = (.bool, buffer.address)
    case .fixed(let buffer):
      values = buffer.address
      switch column.type {
      case .int64: kind = .int64
      case .float64: kind = .float64
      case .date: kind = .date
      case .timestamp: kind = .timestamp
      case .instant, .time, .duration: (kind, printed) = (.time, FixedText(column.type, buffer))
      default: (kind, printed) = (.number, FixedText(column.type, buffer))
      }
    case .text(let ends, let text) where column.type == .string:
      (kind, offsets, bytes) = (.text, ends.pointer(to: Int32.self), text.address)
    case .dictionary(let codes, let entryCount, let ends, let text) where column.type == .string:
      let isWide = Column.codeWidth(entryCount: entryCount) == 2
      (kind, values, offsets, bytes) = (isWide ? .wideDictionary : .dictionary, codes.address, ends.pointer(to: Int32.self), text.address)
    default: break
    }
    self.kind = kind
    self.values = values
    self.offsets = offsets
    self.bytes = bytes
    self.printed = printed
  }

  @inline(__always) func isNull(_ row: Int) -> Bool {
    if let validity { return validity[row &>> 3] & (1 &<< UInt8(truncatingIfNeeded: row & 7)) == 0 }
    return kind == .null
  }

  /// Whether the cells are text that may need escaping.
  @inline(__always) var isText: Bool { kind == .text || kind == .dictionary || kind == .wideDictionary }

  /// The bytes of a cell of text.
  @inline(__always) func text(_ row: Int) -> UnsafeRawBufferPointer {
    let index =
      switch kind {
      case .dictionary: Int(values.assumingMemoryBound(to: UInt8.self)[row])
      case .wideDictionary: Int(values.assumingMemoryBound(to: UInt16.self)[row])
      default: row
      }
    return UnsafeRawBufferPointer(start: bytes + Int(offsets[index]), count: Int(offsets[index &+ 1] &- offsets[index]))
  }

  /// Writes a number, date, timestamp or truth value that is not null where `CellText.numberLimitBytes` are reserved.
  @inline(__always) func write(_ row: Int, to cursor: inout TextCursor) {
    let place = cursor.place
    switch kind {
    case .int64: cursor.advance(CellText.write(int64: values.assumingMemoryBound(to: Int64.self)[row], to: place))
    case .float64: cursor.advance(CellText.write(float64: values.assumingMemoryBound(to: Double.self)[row], to: place))
    case .date: cursor.advance(Calendar.write(date: Int(values.assumingMemoryBound(to: Int32.self)[row]), to: place))
    case .timestamp: cursor.advance(Calendar.write(timestamp: values.assumingMemoryBound(to: Int64.self)[row], to: place))
    case .bool:
      let isTrue = values.assumingMemoryBound(to: UInt8.self)[row &>> 3] & (1 &<< UInt8(truncatingIfNeeded: row & 7)) != 0
      cursor.write(isTrue ? "true" : "false")
    case .number, .time: if let printed { cursor.advance(printed.write(row, to: place)) }
    case .text, .dictionary, .wideDictionary, .null, .other: break
    }
  }

  /// Whether JSON has such values as strings, although they are no text.
  @inline(__always) var isMoment: Bool { kind == .date || kind == .timestamp || kind == .time }

  /// Whether a number is one that JSON has no text for.
  @inline(__always) func isOutsideJSON(_ row: Int) -> Bool {
    switch kind {
    case .float64: !values.assumingMemoryBound(to: Double.self)[row].isFinite
    case .number: !(printed?.isFinite(row) ?? true)
    default: false
    }
  }
}

extension Batch {
  /// Calls `body` with the cells of all columns, which are held meanwhile.
  func withSources(_ body: (UnsafeBufferPointer<CellSource>) -> Void) {
    withExtendedLifetime(columns) {
      columns.map { CellSource($0) }.withUnsafeBufferPointer { body($0) }
    }
  }
}
