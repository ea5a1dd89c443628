// The last value of each column that is not null among the rows of a task: what `fill --forward` carries over to the next one.

import DshColumns
import DshDiagnostics
import DshPlan

/// One row with the last values of some columns.
public struct LastValues: SinkSpec {
  public static let name = "last"

  public let columns: [Int]

  public init(_ columns: [Int]) { self.columns = columns }

  public var title: String { "last values" }
  public var verb: String? { "fill" }
  public func schema(over input: Schema) -> Schema {
    Schema(columns.filter(input.fields.indices.contains).map { input[$0] })
  }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    guard columns.allSatisfy(input.fields.indices.contains) else {
      throw Diagnostic(.badPlan, "a last value of a column that is not there")
    }
    return LastValuesSink(self, over: input, environment)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(columns) { $0.write($1) } }

  public init(from reader: inout ByteReader) throws { columns = try reader.readArray { try $0.readInt() } }
}

private final class LastValuesSink: BatchSink {
  private let columns: [Int]
  private let schema: Schema
  private let environment: any TaskEnvironment
  private var last: [Column]

  init(_ spec: LastValues, over input: Schema, _ environment: any TaskEnvironment) {
    columns = spec.columns
    schema = spec.schema(over: input)
    self.environment = environment
    last = schema.fields.map { .repeating(.null, type: $0.type, count: 1) }
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    for (position, index) in columns.enumerated() {
      let column = batch.columns[index]
      if let row = (0..<column.count).last(where: { column.isValid($0) }) { last[position] = column.slice(from: row, count: 1) }
    }
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    report.rows = 1
    try environment.store(BlockFormat.encode(Batch(schema: schema, columns: last, rowCount: 1)))
  }
}
