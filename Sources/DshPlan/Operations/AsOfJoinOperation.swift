// Each row of one input beside the row of another that is nearest before or behind it.

import DshColumns
import DshDiagnostics

/// How the last key of the left is compared with that of the right.
public enum AsOfComparison: UInt8, Hashable, Sendable, CaseIterable {
  /// The nearest earlier row: the largest key of the right that is no larger, or smaller.
  case greaterOrEqual, greater
  /// The nearest later row: the least key of the right that is no less, or larger.
  case lessOrEqual, less

  public var text: String {
    switch self {
    case .greaterOrEqual: ">="
    case .greater: ">"
    case .lessOrEqual: "<="
    case .less: "<"
    }
  }
}

/// The rows of the left input in their order, each once, with at most one partner: among the rows of the right with the same keys the nearest by the
/// last key, of several that are as near the last in the order of the dataset. Without one nulls stand in its place. Null keys meet nothing.
public struct AsOfJoin: LogicalOperation {
  public static let name = "asof join"
  public static let inputCount = 2

  /// Columns of the inputs, pairwise of one type: those that are equal, there may be none, and behind them the one that is compared.
  public let leftKeys: [Int]
  public let rightKeys: [Int]
  public let comparison: AsOfComparison
  /// What stands behind the columns of the left.
  public let rightColumns: [Join.RightColumn]

  public init(_ comparison: AsOfComparison, leftKeys: [Int], rightKeys: [Int], rightColumns: [Join.RightColumn]) {
    self.comparison = comparison
    self.leftKeys = leftKeys
    self.rightKeys = rightKeys
    self.rightColumns = rightColumns
  }

  public func schema(over inputs: [Schema]) -> Schema {
    Schema(inputs[0].fields + rightColumns.map { Field($0.name, inputs[1][$0.index].type) })
  }

  public func text(over inputs: [Schema]) -> String {
    let keys = zip(leftKeys, rightKeys).enumerated().map { place, key in
      let (left, right) = (inputs[0][key.0].name, inputs[1][key.1].name)
      if place == leftKeys.count - 1 { return "\(left) \(comparison.text) \(right)" }
      return left.isExactly(right) ? left : "\(left) == \(right)"
    }
    return "join on \(keys.joined(separator: ", ")) (asof)"
  }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? {
    column < inputs[0].count ? (0, column) : (1, rightColumns[column - inputs[0].count].index)
  }

  /// Without a row of the right another one would be the nearest.
  public func admitsFilter(on input: Int, reading columns: Set<Int>) -> Bool { input == 0 }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let leftCount = inputs[0].count
    let left = Set(wanted.filter { $0 < leftCount }).union(leftKeys).sorted()
    let kept = wanted.filter { $0 >= leftCount }.map { rightColumns[$0 - leftCount] }
    let right = Set(kept.map(\.index)).union(rightKeys).sorted()
    let join = AsOfJoin(
      comparison, leftKeys: leftKeys.compactMap { left.firstIndex(of: $0) }, rightKeys: rightKeys.compactMap { right.firstIndex(of: $0) },
      rightColumns: kept.compactMap { column in right.firstIndex(of: column.index).map { Join.RightColumn($0, name: column.name) } })
    return PrunedOperation(operation: join, needed: [left, right], available: left + wanted.filter { $0 >= leftCount })
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(comparison.rawValue)
    writer.write(leftKeys) { $0.write($1) }
    writer.write(rightKeys) { $0.write($1) }
    writer.write(rightColumns) { writer, column in
      writer.write(column.index)
      writer.write(column.name)
    }
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    guard let comparison = AsOfComparison(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown comparison of keys") }
    self.comparison = comparison
    leftKeys = try reader.readArray { try $0.readInt() }
    rightKeys = try reader.readArray { try $0.readInt() }
    rightColumns = try reader.readArray { Join.RightColumn(try $0.readInt(), name: try $0.readString()) }
    let (left, right) = (inputs[0].fields, inputs[1].fields)
    guard !leftKeys.isEmpty, leftKeys.count == rightKeys.count, leftKeys.allSatisfy(left.indices.contains),
      rightKeys.allSatisfy(right.indices.contains), rightColumns.allSatisfy({ right.indices.contains($0.index) }),
      zip(leftKeys, rightKeys).allSatisfy({ left[$0].type == right[$1].type })
    else { throw DecodingFailure("a join that does not fit its inputs") }
  }
}
