// Columns computed of rows and the rows around them, among rows with equal keys.

import DshColumns

/// The rows of the input in their order, with a column for each call.
public struct Window: LogicalOperation {
  public static let name = "window"
  public static let inputCount = 1

  /// Rows that are equal in these columns are a partition; null equals null.
  public let keys: [Int]
  /// The order within a partition; rows that are equal in it come in the order of the dataset.
  public let order: [SortColumn]
  public let calls: [WindowCall]

  public init(keys: [Int], order: [SortColumn], calls: [WindowCall]) {
    self.keys = keys
    self.order = order
    self.calls = calls
  }

  public func schema(over inputs: [Schema]) -> Schema { Schema(inputs[0].fields + calls.map { Field($0.name, $0.type) }) }

  public func text(over inputs: [Schema]) -> String {
    let fields = inputs[0].fields
    let functions = calls.map { "\($0.function)(\($0.arguments.map { fields[$0].name }.joined(separator: ", ")))" }
    var window: [String] = []
    if !keys.isEmpty { window.append("by " + keys.map { fields[$0].name }.joined(separator: ", ")) }
    if !order.isEmpty {
      window.append("sort " + order.map { fields[$0.index].name + ($0.descending ? " desc" : "") }.joined(separator: ", "))
    }
    return "window \(functions.joined(separator: ", ")) over (\(window.joined(separator: " ")))"
  }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? {
    column < inputs[0].count ? (0, column) : nil
  }

  /// A partition stays whole or goes as a whole.
  public func admitsFilter(on input: Int, reading columns: Set<Int>) -> Bool { columns.isSubset(of: keys) }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let count = inputs[0].count
    let kept = wanted.filter { $0 >= count }.map { calls[$0 - count] }
    let needed = Set(wanted.filter { $0 < count }).union(keys).union(order.map(\.index)).union(kept.flatMap(\.arguments)).sorted()
    func moved(_ column: Int) -> Int { needed.firstIndex(of: column) ?? column }
    let window = Window(
      keys: keys.map(moved), order: order.map { SortColumn(moved($0.index), descending: $0.descending) },
      calls: kept.map { call in
        var call = call
        call.arguments = call.arguments.map(moved)
        return call
      })
    return PrunedOperation(operation: kept.isEmpty ? nil : window, needed: [needed], available: needed + wanted.filter { $0 >= count })
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(keys) { $0.write($1) }
    writer.write(order)
    writer.write(calls) { $0.write($1) }
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    keys = try reader.readArray { try $0.readInt() }
    order = try reader.readSortColumns()
    calls = try reader.readArray { try $0.readWindowCall() }
    let columns = inputs[0].fields.indices
    guard keys.allSatisfy(columns.contains), order.allSatisfy({ columns.contains($0.index) }),
      calls.allSatisfy({ $0.arguments.allSatisfy(columns.contains) })
    else { throw DecodingFailure("a window over columns that are not there") }
  }
}

extension ByteWriter {
  public mutating func write(_ call: WindowCall) {
    write(call.name)
    write(call.function)
    write(call.arguments) { $0.write($1) }
    write(call.constants) { $0.write($1) }
    write(call.frame.before) { $0.write($1) }
    write(call.frame.after) { $0.write($1) }
    write(call.type)
  }
}

extension ByteReader {
  public mutating func readWindowCall() throws -> WindowCall {
    WindowCall(
      name: try readString(), function: try readString(), arguments: try readArray { try $0.readInt() },
      constants: try readArray { try $0.readValue() },
      frame: WindowFrame(before: try readOptional { max(0, try $0.readInt()) }, after: try readOptional { max(0, try $0.readInt()) }),
      type: try readType())
  }
}
