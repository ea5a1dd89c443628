// The first rows of each group in an order.

import DshColumns
import DshDiagnostics

/// Of the rows with equal keys the first ones in an order; groups come in ascending order of their keys, null last.
public struct TopPerKey: LogicalOperation {
  public static let name = "top per key"
  public static let inputCount = 1

  public let count: Int
  public let order: [SortColumn]
  /// The columns that make groups; there is one at least.
  public let keys: [Int]

  public init(_ count: Int, by order: [SortColumn], per keys: [Int]) {
    self.count = count
    self.order = order
    self.keys = keys
  }

  public func schema(over inputs: [Schema]) -> Schema { inputs[0] }

  public func text(over inputs: [Schema]) -> String {
    let orders = order.map { inputs[0][$0.index].name + ($0.descending ? " desc" : "") }
    return "top \(groupedText(count)) by \(orders.joined(separator: ", ")) per \(keys.map { inputs[0][$0].name }.joined(separator: ", "))"
  }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? { (0, column) }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let needed = Set(wanted).union(keys).union(order.map(\.index)).sorted()
    func moved(_ column: Int) -> Int { needed.firstIndex(of: column) ?? column }
    let step = TopPerKey(count, by: order.map { SortColumn(moved($0.index), descending: $0.descending) }, per: keys.map(moved))
    return PrunedOperation(operation: step, needed: [needed], available: needed)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(count)
    writer.write(order)
    writer.write(keys) { $0.write($1) }
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    count = try reader.readInt()
    order = try reader.readSortColumns()
    keys = try reader.readArray { try $0.readInt() }
    guard count >= 0, !keys.isEmpty, (keys + order.map(\.index)).allSatisfy(inputs[0].fields.indices.contains) else {
      throw DecodingFailure("keys that are no columns")
    }
  }
}
