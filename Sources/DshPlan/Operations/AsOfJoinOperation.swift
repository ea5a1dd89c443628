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
public struct AsOfJoin: KeyedJoin {
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

  public func over(leftKeys: [Int], rightKeys: [Int], rightColumns: [Join.RightColumn]) -> AsOfJoin {
    AsOfJoin(comparison, leftKeys: leftKeys, rightKeys: rightKeys, rightColumns: rightColumns)
  }

  public func text(over inputs: [Schema]) -> String {
    let keys = leftKeys.indices.map { text(ofKey: $0, $0 == leftKeys.count - 1 ? comparison.text : "==", over: inputs) }
    return "join on \(keys.joined(separator: ", ")) (asof)"
  }

  /// Without a row of the right another one would be the nearest.
  public func admitsFilter(on input: Int, reading columns: Set<Int>) -> Bool { input == 0 }

  public func encode(to writer: inout ByteWriter) {
    writer.write(comparison.rawValue)
    encodeColumns(to: &writer)
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    guard let comparison = AsOfComparison(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown comparison of keys") }
    self.comparison = comparison
    (leftKeys, rightKeys, rightColumns) = try Self.decodeColumns(from: &reader, over: inputs)
  }
}
