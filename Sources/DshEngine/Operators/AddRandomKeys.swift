// A column to sort by where the order shall look like chance: the first part of `shuffle`.

import DshColumns
import DshDiagnostics
import DshPlan

/// Adds a last column with a number that a seed and the row's place in the dataset decide; no two rows have the same.
public struct AddRandomKeys: PositionedStep {
  public static let name = "random"

  public let column: String
  public let seed: Int64
  private let firstRow: Int

  public init(_ column: String, seed: Int64) { self.init(column, seed: seed, firstRow: 0) }

  private init(_ column: String, seed: Int64, firstRow: Int) {
    self.column = column
    self.seed = seed
    self.firstRow = firstRow
  }

  public func starting(atRow row: Int) -> AddRandomKeys { AddRandomKeys(column, seed: seed, firstRow: row) }

  public var title: String { "random keys" }
  public var verb: String? { "random" }
  public var keepsRowCount: Bool { true }
  public func schema(over input: Schema) -> Schema { Schema(input.fields + [Field(column, .int64)]) }

  public func open(over input: Schema, _ environment: any TaskEnvironment) throws -> any BatchStep {
    KeyMaker(schema(over: input), RowHash(seed: seed), firstRow: UInt64(truncatingIfNeeded: firstRow))
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(column)
    writer.write(seed)
    writer.write(firstRow)
  }

  public init(from reader: inout ByteReader) throws {
    column = try reader.readString()
    seed = try reader.readInt64()
    firstRow = try reader.readInt()
  }
}

private final class KeyMaker: BatchStep {
  private let schema: Schema
  private let hash: RowHash
  private var next: UInt64

  init(_ schema: Schema, _ hash: RowHash, firstRow: UInt64) {
    self.schema = schema
    self.hash = hash
    next = firstRow
  }

  func apply(_ batch: Batch) throws(RowError) -> Batch {
    let keys = MutableBuffer(capacity: batch.rowCount * 8)
    let output = keys.pointer(to: UInt64.self)
    for row in 0..<batch.rowCount { output[row] = hash.number(ofRow: next &+ UInt64(row)) }
    keys.byteCount = batch.rowCount * 8
    next &+= UInt64(batch.rowCount)
    let column = Column(type: .int64, count: batch.rowCount, validity: nil, storage: .fixed(keys.freeze()))
    return Batch(schema: schema, columns: batch.columns + [column], rowCount: batch.rowCount)
  }
}
