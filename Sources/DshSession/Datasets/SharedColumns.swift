// Where the columns of blocks lie in stores, as Arrow lays them out (Arrow columnar format, "Physical Memory Layout").

import DshBackend
import DshColumns
import DshFormats

/// The columns of shared blocks, described for whoever maps the stores (docs/protocol.md, "Blocks").
public struct SharedColumns {
  private let stores: [SharedStore]
  /// What lies in no store, or in another form than Arrow's.
  public private(set) var moved: [UInt8] = []
  /// The bytes that lie in stores.
  public private(set) var mappedBytes = 0

  /// The store of bytes that are moved.
  private static let noStore = -1

  /// - Parameter stores: those that can be mapped; what lies elsewhere is moved.
  public init(_ stores: [SharedStore]) { self.stores = stores }

  /// What is told of the blocks, beside the memory itself.
  public mutating func describe(_ shared: SharedBlocks) -> [JSONMember] {
    let schema = ArrowBytes.schema(shared.schema)
    append(moved: schema)
    let blocks = shared.blocks.map { block -> JSONValue in
      .object([
        JSONMember(name: "node", value: .string(block.node)), JSONMember(name: "rows", value: JSONValue(block.rows.rowCount)),
        JSONMember(name: "columns", value: .array(block.rows.columns.map { describe($0) })),
      ])
    }
    return [
      JSONMember(name: "hold", value: JSONValue(shared.hold)),
      JSONMember(name: "rows", value: JSONValue(shared.blocks.reduce(0) { $0 + $1.rows.rowCount })),
      JSONMember(
        name: "stores",
        value: .array(
          stores.map {
            .object([JSONMember(name: "node", value: .string($0.node)), JSONMember(name: "bytes", value: JSONValue($0.byteCount))])
          })), JSONMember(name: "schema", value: .array([JSONValue(0), JSONValue(schema.count)])),
      JSONMember(name: "blocks", value: .array(blocks)), JSONMember(name: "mapped", value: JSONValue(mappedBytes)),
      JSONMember(name: "moved", value: JSONValue(moved.count)),
    ]
  }

  private mutating func describe(_ column: Column) -> JSONValue {
    let count = column.count
    let validity = column.validity.flatMap {
      column.nullCount > 0 ? $0.buffer.slice(from: 0, byteCount: Bitmap.byteCount(for: count)) : nil
    }
    let (storage, buffers, children): (String, [JSONValue], [JSONValue])
    switch column.storage {
    case .none: return Self.array("null", column, [], [])
    case .bits(let values):
      (storage, buffers, children) = ("bits", [place(of: values.slice(from: 0, byteCount: Bitmap.byteCount(for: count)))], [])
    case .fixed(let values): (storage, buffers, children) = ("fixed", [fixed(values, column)], [])
    case .text(let offsets, let bytes):
      (storage, buffers, children) = ("text", [place(of: offsets.slice(from: 0, byteCount: (count + 1) * 4)), place(of: bytes)], [])
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      let entries = Column(type: column.type, count: entryCount, validity: nil, storage: .text(offsets: offsets, bytes: bytes))
      let codeBytes = count * Column.codeWidth(entryCount: entryCount)
      (storage, buffers, children) = ("dictionary", [place(of: codes.slice(from: 0, byteCount: codeBytes))], [describe(entries)])
    case .list(let offsets, let elements):
      (storage, buffers, children) = ("list", [place(of: offsets.slice(from: 0, byteCount: (count + 1) * 4))], [describe(elements)])
    case .structure(let members): (storage, buffers, children) = ("struct", [], members.map { describe($0) })
    }
    return Self.array(storage, column, [validity.map { place(of: $0) } ?? .null] + buffers, children)
  }

  private static func array(_ storage: String, _ column: Column, _ buffers: [JSONValue], _ children: [JSONValue]) -> JSONValue {
    .object([
      JSONMember(name: "storage", value: .string(storage)), JSONMember(name: "length", value: JSONValue(column.count)),
      JSONMember(name: "nulls", value: JSONValue(column.nullCount)), JSONMember(name: "buffers", value: .array(buffers)),
      JSONMember(name: "children", value: .array(children)),
    ])
  }

  /// Values of one width; Arrow has some times in four bytes where dsh has eight.
  private mutating func fixed(_ values: Buffer, _ column: Column) -> JSONValue {
    guard column.type.isShortTime else {
      return place(of: values.slice(from: 0, byteCount: column.count * (column.type.fixedWidthBytes ?? 8)))
    }
    let times = FixedValues(values, .int64)
    return append(moved: (0..<column.count).map { Int32(truncatingIfNeeded: times[$0]) }.withUnsafeBytes { Array($0) })
  }

  /// Where bytes lie; those in no store are moved.
  private mutating func place(of bytes: Buffer) -> JSONValue {
    for (index, store) in stores.enumerated() {
      guard let offset = store.offset(of: bytes) else { continue }
      mappedBytes += bytes.byteCount
      return .array([JSONValue(index), JSONValue(offset), JSONValue(bytes.byteCount)])
    }
    return append(moved: Array(bytes.bytes))
  }

  @discardableResult
  private mutating func append(moved bytes: [UInt8]) -> JSONValue {
    // Readers like values at multiples of 64.
    moved += repeatElement(0, count: (64 - moved.count % 64) % 64)
    defer { moved += bytes }
    return .array([JSONValue(Self.noStore), JSONValue(moved.count), JSONValue(bytes.count)])
  }
}
