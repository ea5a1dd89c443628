// Small questions about one block, answered where it lies, so that the block itself need not move.

import DshColumns
import DshPlan

/// A question about one block, with a few rows of values for an answer.
///
/// A question that doesn't fit the block, such as a key that is none of its columns, gets no rows.
public enum BlockInspection: Equatable, Sendable {
  /// The first key of the first row and of the last, whole: two rows, none if the block is empty.
  case ends(keys: [SortColumn])
  /// The keys of at most so many rows spread evenly over a sorted block, as `RangePartitioning.sampleKeys` gives them.
  case sampleKeys(keys: [SortColumn], count: Int)
  /// One row: how many rows of a sorted block come before each boundary, as `RangePartitioning.partitionPoints` says.
  case partitionPoints(keys: [SortColumn], boundaries: [[Value]])
  /// All columns of the last row: one row, none if the block is empty.
  case lastRow
  /// The texts of a column in the first so many rows with how often each is there, the most frequent first; null texts are not counted.
  case frequentTexts(column: String, rows: Int)

  /// The most keys that are sampled of a block: their places can be computed for any number of rows.
  public static let largestCount = 1 << 20

  /// The columns of a block that the answer is read of.
  public func columns(of schema: Schema) -> [Int] {
    switch self {
    case .ends(let keys): keys.prefix(1).map(\.index).filter(schema.fields.indices.contains)
    case .sampleKeys(let keys, _), .partitionPoints(let keys, _): keys.map(\.index).filter(schema.fields.indices.contains)
    case .lastRow: Array(schema.fields.indices)
    case .frequentTexts(let column, _): [schema.index(of: column)].compactMap(\.self)
    }
  }

  /// The answer of a block.
  public func answer(_ block: Batch) -> [[Value]] {
    switch self {
    case .ends(let keys):
      guard let key = keys.first, block.schema.has([key]), block.rowCount > 0 else { return [] }
      return [0, block.rowCount - 1].map { [block.columns[key.index].value(at: $0)] }
    case .sampleKeys(let keys, let count):
      guard block.schema.has(keys) else { return [] }
      return RangePartitioning.sampleKeys(block, keys: keys, count: min(max(0, count), Self.largestCount))
    case .partitionPoints(let keys, let boundaries):
      guard block.schema.has(keys) else { return [] }
      return [RangePartitioning.partitionPoints(block, keys: keys, boundaries: boundaries).map { .int64(Int64($0)) }]
    case .lastRow: return block.rowCount > 0 ? [block.row(block.rowCount - 1)] : []
    case .frequentTexts(let name, let rows):
      guard let index = block.schema.index(of: name), block.schema[index].type == .string else { return [] }
      return Self.frequentTexts(block.columns[index].slice(from: 0, count: min(block.rowCount, max(0, rows))))
    }
  }

  private static func frequentTexts(_ column: Column) -> [[Value]] {
    var counts: [Value: Int64] = [:]
    for row in 0..<column.count where column.isValid(row) { counts[column.value(at: row), default: 0] += 1 }
    let texts = counts.compactMap { value, count in if case .string(let text) = value { (text, count) } else { nil } }
    return texts.sorted { one, other in one.1 == other.1 ? one.0.utf8.lexicographicallyPrecedes(other.0.utf8) : one.1 > other.1 }
      .map { [.string($0.0), .int64($0.1)] }
  }
}

extension Schema {
  /// Whether there are keys, and all are columns.
  fileprivate func has(_ keys: [SortColumn]) -> Bool { !keys.isEmpty && keys.allSatisfy { fields.indices.contains($0.index) } }
}

extension ByteWriter {
  public mutating func write(_ inspection: BlockInspection) {
    switch inspection {
    case .ends(let keys):
      write(UInt8(0))
      write(keys)
    case .sampleKeys(let keys, let count):
      write(UInt8(1))
      write(keys)
      write(count)
    case .partitionPoints(let keys, let boundaries):
      write(UInt8(2))
      write(keys)
      write(boundaries)
    case .lastRow: write(UInt8(3))
    case .frequentTexts(let column, let rows):
      write(UInt8(4))
      write(column)
      write(rows)
    }
  }

  /// Writes rows of values, such as an answer.
  public mutating func write(_ rows: [[Value]]) { write(rows) { $0.write($1) { $0.write($1) } } }
}

extension ByteReader {
  public mutating func readBlockInspection() throws -> BlockInspection {
    switch try readUInt8() {
    case 0: return .ends(keys: try readSortColumns())
    case 1:
      let (keys, count) = (try readSortColumns(), try readInt())
      guard 0...BlockInspection.largestCount ~= count else { throw DecodingFailure("\(count) sampled keys") }
      return .sampleKeys(keys: keys, count: count)
    case 2: return .partitionPoints(keys: try readSortColumns(), boundaries: try readRows())
    case 3: return .lastRow
    case 4:
      let (column, rows) = (try readString(), try readInt())
      guard rows >= 0 else { throw DecodingFailure("a negative number of rows") }
      return .frequentTexts(column: column, rows: rows)
    case let tag: throw DecodingFailure("an unknown question about a block: \(tag)")
    }
  }

  /// Reads rows of values.
  public mutating func readRows() throws -> [[Value]] { try readArray { try $0.readArray { try $0.readValue() } } }
}
