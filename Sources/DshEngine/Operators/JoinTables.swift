// The tables of a join's right side, which every task of the left reads where they lie, and how its keys lead to them.

import DshColumns
import DshDiagnostics
import DshPlan

/// Tables that rows were spread over by the hash of their keys, and the columns that rows and tables meet by.
public struct JoinTables: Sendable {
  /// The key columns of the rows that look partners up.
  public let keys: [Int]
  /// The columns of the tables' rows.
  public let schema: Schema
  /// The key columns of the tables.
  public let tableKeys: [Int]
  /// What of the partners stands behind the columns of a row.
  public let columns: [Join.RightColumn]
  /// The rows are spread over the tables by so many partitions of the hash.
  public let partitionCount: Int
  /// Of each table its rows and its number, and how many there are; tables without rows are missing.
  private(set) var inputs: [BlockSlice] = []
  private var numbers: [Int] = []
  private var count = 0

  init(_ join: some KeyedJoin, schema: Schema, partitionCount: Int) {
    keys = join.leftKeys
    tableKeys = join.rightKeys
    columns = join.rightColumns
    self.schema = schema
    self.partitionCount = partitionCount
  }

  /// The same over what tasks of another stage made.
  func reading(_ inputs: [BlockSlice], of producers: [Int], producerCount: Int) -> JoinTables {
    var tables = self
    (tables.inputs, tables.numbers, tables.count) = (inputs, producers, producerCount)
    return tables
  }

  /// The same for rows whose keys are in some of the partitions.
  func reading(onlyPartitions partitions: Range<Int>) -> JoinTables {
    let wanted = numbers.indices.filter { self.partitions(ofTable: numbers[$0]).overlaps(partitions) }
    return reading(wanted.map { inputs[$0] }, of: wanted.map { numbers[$0] }, producerCount: count)
  }

  /// The columns of a row and of its partner.
  func schema(over input: Schema) -> Schema { Schema(input.fields + columns.map { Field($0.name, schema[$0.index].type) }) }

  /// Throws if the keys of the rows are not of the types of the tables' keys.
  func checkKeys(over input: Schema) throws(Diagnostic) {
    guard keys.allSatisfy({ input.fields.indices.contains($0) }), keys.map({ input[$0].type }) == tableKeys.map({ schema[$0].type })
    else { throw Diagnostic(.badPlan, "keys that are not those of the tables") }
  }

  /// Which table each partition is in, by its place among those that have rows.
  var tableOfPartition: [Int?] {
    var places = [Int?](repeating: nil, count: partitionCount)
    for (place, table) in numbers.enumerated() {
      for partition in partitions(ofTable: table) { places[partition] = place }
    }
    return places
  }

  /// The partitions whose rows are in a table.
  private func partitions(ofTable number: Int) -> Range<Int> { number * partitionCount / count..<(number + 1) * partitionCount / count }

  func encode(to writer: inout ByteWriter) {
    writer.write(keys) { $0.write($1) }
    writer.write(schema)
    writer.write(tableKeys) { $0.write($1) }
    writer.write(columns) { $0.write($1) }
    writer.write(partitionCount)
    writer.write(inputs) { $0.write($1) }
    writer.write(numbers) { $0.write($1) }
    writer.write(count)
  }

  init(from reader: inout ByteReader) throws {
    keys = try reader.readArray { try $0.readInt() }
    schema = try reader.readSchema()
    tableKeys = try reader.readArray { try $0.readInt() }
    columns = try reader.readArray { try $0.readRightColumn() }
    partitionCount = try reader.readInt()
    inputs = try reader.readArray { try $0.readBlockSlice() }
    numbers = try reader.readArray { try $0.readInt() }
    count = try reader.readInt()
    let places = schema.fields.indices
    guard !keys.isEmpty, keys.count == tableKeys.count, tableKeys.allSatisfy(places.contains),
      columns.allSatisfy({ places.contains($0.index) })
    else { throw DecodingFailure("a join of columns that are not there") }
    guard 1...PartialAggregate.largestPartitionCount ~= partitionCount, 0...partitionCount ~= count, numbers.count == inputs.count,
      numbers.allSatisfy({ (0..<count).contains($0) })
    else { throw DecodingFailure("\(numbers.count) tables for \(partitionCount) partitions") }
  }
}
