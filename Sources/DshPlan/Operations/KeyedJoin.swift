// What joins by keys have in common: rows of the left with columns of their partners behind them.

import DshColumns
import DshDiagnostics

/// A join that looks partners up by key columns.
public protocol KeyedJoin: LogicalOperation {
  /// Columns of the inputs, pairwise of one type; there is one at least.
  var leftKeys: [Int] { get }
  var rightKeys: [Int] { get }
  /// What stands behind the columns of the left.
  var rightColumns: [Join.RightColumn] { get }
  /// The same join over other columns.
  func over(leftKeys: [Int], rightKeys: [Int], rightColumns: [Join.RightColumn]) -> Self
}

extension KeyedJoin {
  public func schema(over inputs: [Schema]) -> Schema {
    Schema(inputs[0].fields + rightColumns.map { Field($0.name, inputs[1][$0.index].type) })
  }

  public func source(of column: Int, over inputs: [Schema]) -> (input: Int, column: Int)? {
    column < inputs[0].count ? (0, column) : (1, rightColumns[column - inputs[0].count].index)
  }

  public func pruned(to wanted: [Int], over inputs: [Schema]) -> PrunedOperation {
    let leftCount = inputs[0].count
    let left = Set(wanted.filter { $0 < leftCount }).union(leftKeys).sorted()
    let kept = wanted.filter { $0 >= leftCount }.map { rightColumns[$0 - leftCount] }
    let right = Set(kept.map(\.index)).union(rightKeys).sorted()
    let join = over(
      leftKeys: leftKeys.compactMap { left.firstIndex(of: $0) }, rightKeys: rightKeys.compactMap { right.firstIndex(of: $0) },
      rightColumns: kept.compactMap { column in right.firstIndex(of: column.index).map { Join.RightColumn($0, name: column.name) } })
    return PrunedOperation(operation: join, needed: [left, right], available: left + wanted.filter { $0 >= leftCount })
  }

  /// A pair of keys in words: one name where both have it.
  func text(ofKey place: Int, _ comparison: String, over inputs: [Schema]) -> String {
    let (left, right) = (inputs[0][leftKeys[place]].name, inputs[1][rightKeys[place]].name)
    return left.isExactly(right) && comparison == "==" ? left : "\(left) \(comparison) \(right)"
  }

  func encodeColumns(to writer: inout ByteWriter) {
    writer.write(leftKeys) { $0.write($1) }
    writer.write(rightKeys) { $0.write($1) }
    writer.write(rightColumns) { $0.write($1) }
  }

  /// Reads what `encodeColumns` writes, checked against the inputs.
  static func decodeColumns(
    from reader: inout ByteReader, over inputs: [Schema]
  ) throws -> (leftKeys: [Int], rightKeys: [Int], rightColumns: [Join.RightColumn]) {
    let leftKeys = try reader.readArray { try $0.readInt() }
    let rightKeys = try reader.readArray { try $0.readInt() }
    let rightColumns = try reader.readArray { try $0.readRightColumn() }
    let (left, right) = (inputs[0].fields, inputs[1].fields)
    guard !leftKeys.isEmpty, leftKeys.count == rightKeys.count, leftKeys.allSatisfy(left.indices.contains),
      rightKeys.allSatisfy(right.indices.contains), rightColumns.allSatisfy({ right.indices.contains($0.index) }),
      zip(leftKeys, rightKeys).allSatisfy({ left[$0].type == right[$1].type })
    else { throw DecodingFailure("a join that does not fit its inputs") }
    return (leftKeys, rightKeys, rightColumns)
  }
}

extension ByteWriter {
  public mutating func write(_ column: Join.RightColumn) {
    write(column.index)
    write(column.name)
  }
}

extension ByteReader {
  public mutating func readRightColumn() throws -> Join.RightColumn { Join.RightColumn(try readInt(), name: try readString()) }
}
