// Nulls that take the last value above them.

import DshColumns

/// In some columns, the last value that is not null in the rows before, of those with the same keys.
public struct FillForward: LogicalOperation {
  public static let name = "fill forward"
  public static let inputCount = 1

  /// The columns that are filled, in ascending order.
  public let columns: [Int]
  /// The columns that the rows are sorted by, so that those with equal ones stand together; empty where the whole dataset is one.
  public let keys: [Int]

  public init(_ columns: [Int], keys: [Int]) {
    self.columns = columns
    self.keys = keys
  }

  public var givesRowForRow: Bool { true }
  public func schema(over inputs: [Schema]) -> Schema { inputs[0] }

  public func text(over inputs: [Schema]) -> String {
    func names(_ indexes: [Int]) -> String { indexes.map { inputs[0][$0].name }.joined(separator: ", ") }
    return "fill --forward \(names(columns))" + (keys.isEmpty ? "" : " by \(names(keys))")
  }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? { (0, column) }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let filled = columns.filter(wanted.contains)
    if filled.isEmpty { return PrunedOperation(operation: nil, needed: [wanted], available: wanted) }
    let needed = Set(wanted).union(keys).sorted()
    func moved(_ indexes: [Int]) -> [Int] { indexes.compactMap { needed.firstIndex(of: $0) } }
    return PrunedOperation(operation: FillForward(moved(filled), keys: moved(keys)), needed: [needed], available: needed)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(columns) { $0.write($1) }
    writer.write(keys) { $0.write($1) }
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    columns = try reader.readArray { try $0.readInt() }
    keys = try reader.readArray { try $0.readInt() }
    guard (columns + keys).allSatisfy(inputs[0].fields.indices.contains) else { throw DecodingFailure("columns that are not there") }
  }
}
