// How the values of a column lie in a record batch (Arrow columnar format, "Physical Memory Layout").
import DshColumns
import DshDiagnostics

/// The layout of a column, and what its values mean.
indirect enum ArrowLayout: Hashable {
  case null
  case bool
  /// Values that lie as in a column of dsh.
  case fixed(DataType)
  case float16
  /// Milliseconds that are whole days.
  case date64
  /// Times of day in four bytes.
  case time32(TimeResolution)
  /// Decimals of 4, 8 or 32 bytes.
  case decimal(bytes: Int, precision: Int, scale: Int)
  /// Text or bytes behind offsets of 4 or 8 bytes.
  case text(offsetBytes: Int, isUTF8: Bool)
  /// Text or bytes behind views of 16 bytes, which hold short ones themselves.
  case view(isUTF8: Bool)
  /// Bytes of one length.
  case fixedBinary(bytes: Int)
  case list(offsetBytes: Int, ArrowField)
  case fixedList(count: Int, ArrowField)
  /// The field is a structure of two, whatever they are called.
  case map(ArrowField)
  case structure([ArrowField])
  /// Codes that name values of a dictionary.
  case dictionary(id: Int64, codes: FixedLayout, values: ArrowLayout)

  /// The type of dsh that has the values.
  var type: DataType {
    switch self {
    case .null: .null
    case .bool: .bool
    case .fixed(let type): type
    case .float16: .narrow(.float32)
    case .date64: .date
    case .time32(let unit): .time(unit)
    case .decimal(_, let precision, let scale): .decimal(precision: precision, scale: scale)
    case .text(_, let isUTF8), .view(let isUTF8): isUTF8 ? .string : .binary
    case .fixedBinary: .binary
    case .list(_, let element), .fixedList(_, let element): .list(element.layout.type)
    case .map(let entries): Self.mapType(entries.layout)
    case .structure(let fields): .structure(fields.map { Field($0.name, $0.layout.type) })
    case .dictionary(_, _, let values): values.type
    }
  }

  private static func mapType(_ entries: ArrowLayout) -> DataType {
    guard case .structure(let fields) = entries, fields.count == 2 else { preconditionFailure("a map has keys and values") }
    return .map(fields[0].layout.type, fields[1].layout.type)
  }

  /// The columns inside of it.
  var children: [ArrowField] {
    switch self {
    case .list(_, let field), .fixedList(_, let field), .map(let field): [field]
    case .structure(let fields): fields
    default: []
    }
  }

  /// The buffers of the column itself; a view has any number of others behind them.
  var bufferCount: Int {
    switch self {
    case .null: 0
    case .fixedList, .structure: 1
    case .text: 3
    default: 2
    }
  }

  var isView: Bool { if case .view = self { true } else { false } }
}

/// Where the parts of a column begin among those of a record batch.
struct ArrowPosition {
  var node = 0
  var buffer = 0
  /// Among the counts of the further buffers of views.
  var view = 0

  /// Moves on behind a column and all inside of it; throws if the batch has no such columns.
  mutating func skip(_ layout: ArrowLayout, in batch: ArrowBatch) throws(ArrowMistake) {
    try enter(layout, in: batch)
    for child in layout.children { try skip(child.layout, in: batch) }
  }

  /// Moves on to the first column inside of one.
  mutating func enter(_ layout: ArrowLayout, in batch: ArrowBatch) throws(ArrowMistake) {
    node += 1
    buffer += layout.bufferCount
    if layout.isView {
      buffer += try batch.viewBufferCount(view)
      view += 1
    }
    guard node <= batch.nodeCount, buffer <= batch.bufferCount else { throw ArrowMistake("a batch has fewer columns than its schema") }
  }
}
