// Rows of two inputs that have the same keys, beside each other.

import DshColumns
import DshDiagnostics

/// Which rows come out of a join, and what of the right input stands beside them.
public enum JoinKind: UInt8, Hashable, Sendable, CaseIterable {
  /// A row for each pair of partners.
  case inner
  /// As `inner`, and the left rows without a partner once, with nulls.
  case left
  /// The left rows that have a partner.
  case semi
  /// The left rows that have none.
  case anti
}

/// The rows of the left input in their order, each with its partners in the order of the right input.
public struct Join: KeyedJoin {
  public static let name = "join"
  public static let inputCount = 2

  /// A column of the right input under the name it gets.
  public struct RightColumn: Hashable, Sendable {
    public var index: Int
    @ExactText public var name: String

    public init(_ index: Int, name: String) {
      self.index = index
      self.name = name
    }
  }

  public let kind: JoinKind
  /// Columns of the inputs, pairwise of one type; there is one at least.
  public let leftKeys: [Int]
  public let rightKeys: [Int]
  /// What stands behind the columns of the left; nothing for `semi` and `anti`.
  public let rightColumns: [RightColumn]
  /// Whether null equals null among the keys, as in `agg … by`; otherwise it meets nothing.
  public let nullsMeet: Bool

  public init(_ kind: JoinKind, leftKeys: [Int], rightKeys: [Int], rightColumns: [RightColumn], nullsMeet: Bool = false) {
    self.nullsMeet = nullsMeet
    self.kind = kind
    self.leftKeys = leftKeys
    self.rightKeys = rightKeys
    self.rightColumns = rightColumns
  }

  public func over(leftKeys: [Int], rightKeys: [Int], rightColumns: [RightColumn]) -> Join {
    Join(kind, leftKeys: leftKeys, rightKeys: rightKeys, rightColumns: rightColumns, nullsMeet: nullsMeet)
  }

  public func text(over inputs: [Schema]) -> String {
    let keys = leftKeys.indices.map { text(ofKey: $0, "==", over: inputs) }
    return "join on \(keys.joined(separator: ", "))\(kind == .inner ? "" : " (\(kind))")"
  }

  /// A left row without the condition brings forth nothing that has it; of the right the same holds where no nulls stand in for rows.
  public func admitsFilter(on input: Int, reading columns: Set<Int>) -> Bool { input == 0 || kind == .inner }

  public func encode(to writer: inout ByteWriter) {
    writer.write(kind.rawValue)
    encodeColumns(to: &writer)
    writer.write(nullsMeet)
  }

  public init(from reader: inout ByteReader, over inputs: [Schema]) throws {
    guard let kind = JoinKind(rawValue: try reader.readUInt8()) else { throw DecodingFailure("an unknown kind of join") }
    self.kind = kind
    (leftKeys, rightKeys, rightColumns) = try Self.decodeColumns(from: &reader, over: inputs)
    nullsMeet = try reader.readBool()
  }
}

extension LogicalPlan {
  /// What the key of the right side of a join is called since then, as it stands under the name of the left; nil if no join took such a key.
  public func nameSinceJoin(ofKey name: String) -> String? {
    switch self {
    case .operation(let operation, let inputs):
      guard let join = operation.step as? Join else { return inputs.first?.nameSinceJoin(ofKey: name) }
      let (left, right) = (inputs[0].schema, inputs[1].schema)
      for (leftKey, rightKey) in zip(join.leftKeys, join.rightKeys)
      where right[rightKey].name.isExactly(name) && !join.rightColumns.contains(where: { $0.index == rightKey }) {
        return left[leftKey].name
      }
      return inputs[0].nameSinceJoin(ofKey: name)
    case .project(let input, _), .filter(let input, _), .limit(let input, _, _), .sort(let input, _), .stored(let input):
      return input.nameSinceJoin(ofKey: name)
    case .union(let inputs): return inputs.first?.nameSinceJoin(ofKey: name)
    case .read, .range, .rows, .aggregate: return nil
    }
  }
}
