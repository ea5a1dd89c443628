// The first row of each kind, in the order of the dataset.

import DshColumns

/// Of rows that are equal in some columns, the first.
public struct Distinct: LogicalOperation {
  public static let name = "distinct"
  public static let inputCount = 1

  /// The columns that make rows equal, in ascending order; there is one at least.
  public let keys: [Int]

  public init(_ keys: [Int]) { self.keys = keys }

  public func schema(over inputs: [Schema]) -> Schema { inputs[0] }

  public func text(over inputs: [Schema]) -> String {
    let all = keys.count == inputs[0].count
    return all ? "distinct" : "distinct \(keys.map { inputs[0][$0].name }.joined(separator: ", "))"
  }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? { (0, column) }

  /// All rows that are equal have it or have it not.
  public func admitsFilter(on input: Int, reading columns: Set<Int>) -> Bool { columns.isSubset(of: keys) }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let needed = Set(wanted).union(keys).sorted()
    let moved = keys.compactMap { needed.firstIndex(of: $0) }
    return PrunedOperation(operation: Distinct(moved), needed: [needed], available: needed)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(keys) { $0.write($1) } }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    keys = try reader.readArray { try $0.readInt() }
    guard !keys.isEmpty, keys.allSatisfy({ inputs[0].fields.indices.contains($0) }) else {
      throw DecodingFailure("keys that are no columns")
    }
  }
}
