// What makes two stages, inputs or outputs the same: the bytes of all that decides their rows.

import DshColumns
import DshEngine
import DshPlan

extension StageInput {
  public var schema: Schema {
    switch self {
    case .files(let source, let columns): Schema(columns.map { source.schema[$0] })
    case .range: Schema([Field("id", .int64)])
    case .rows(let schema, _): schema
    case .persisted(let plan): plan.schema
    case .exchange(let exchange), .ordered(let exchange, _): exchange.consumer.schema
    case .blocks(let stage, _), .cut(let stage, _): stage.schema
    case .zip(let left, let right, _): Schema(left.schema.fields + right.schema.fields)
    }
  }

  /// The stages it takes rows from.
  public var stages: [Stage] {
    switch self {
    case .files, .range, .rows, .persisted: []
    case .exchange(let exchange), .ordered(let exchange, _): [exchange.from]
    case .blocks(let stage, _), .cut(let stage, _): [stage]
    case .zip(let left, let right, _): [left, right]
    }
  }

  func encode(to writer: inout ByteWriter) {
    switch self {
    case .files(let source, let columns):
      writer.write(UInt8(0))
      writer.write(source)
      writer.write(columns) { $0.write($1) }
    case .range(let start, let end, let step, let blocks):
      writer.write(UInt8(1))
      writer.write(start)
      writer.write(end)
      writer.write(step)
      writer.write(blocks) { $0.write($1) }
    case .rows(let schema, let rows):
      writer.write(UInt8(2))
      writer.write(schema)
      writer.write(rows) { writer, row in writer.write(row) { $0.write($1) } }
    case .persisted(let plan):
      writer.write(UInt8(3))
      writer.write(plan)
    case .exchange(let exchange):
      writer.write(UInt8(4))
      exchange.encode(to: &writer)
    case .ordered(let exchange, let alone):
      writer.write(UInt8(5))
      exchange.encode(to: &writer)
      alone.encode(to: &writer)
    case .blocks(let stage, let rows):
      writer.write(UInt8(6))
      writer.write(stage.identity)
      writer.write(rows) { $0.write($1) }
    case .cut(let stage, let size):
      writer.write(UInt8(7))
      writer.write(stage.identity)
      size.encode(to: &writer)
    case .zip(let left, let right, _):
      writer.write(UInt8(8))
      writer.write(left.identity)
      writer.write(right.identity)
    }
  }
}

extension Exchange {
  func encode(to writer: inout ByteWriter) {
    writer.write(from.identity)
    switch method {
    case .hash(let partitions):
      writer.write(UInt8(0))
      writer.write(partitions)
    case .ranges(let keys):
      writer.write(UInt8(1))
      writer.write(keys)
    case .single: writer.write(UInt8(2))
    case .partitions(let count):
      writer.write(UInt8(3))
      writer.write(count)
    }
    writer.write(operation: consumer)
  }
}

extension StageOutput: Hashable {
  public var title: String {
    switch self {
    case .sink(let sink): sink.title
    case .window(.rows, _): "limit"
    case .window(.last, _): "tail"
    }
  }

  public func schema(over input: Schema) -> Schema {
    switch self {
    case .sink(let sink): sink.schema(over: input)
    case .window: input
    }
  }

  public var stages: [Stage] {
    switch self {
    case .sink: []
    case .window(_, let counts): [counts]
    }
  }

  func encode(to writer: inout ByteWriter) {
    switch self {
    case .sink(let sink):
      writer.write(UInt8(0))
      writer.write(operation: sink)
    case .window(let wanted, let counts):
      switch wanted {
      case .rows(let range):
        writer.write(UInt8(1))
        writer.write(range.lowerBound)
        writer.write(range.upperBound)
      case .last(let count):
        writer.write(UInt8(2))
        writer.write(count)
      }
      writer.write(counts.identity)
    }
  }

  private var identity: [UInt8] {
    var writer = ByteWriter()
    encode(to: &writer)
    return writer.bytes
  }

  public static func == (a: StageOutput, b: StageOutput) -> Bool { a.identity == b.identity }
  public func hash(into hasher: inout Hasher) { hasher.combine(identity) }
}

extension [UInt8] {
  /// A hash of all bytes at once; an array is hashed byte by byte, which takes ten times as long.
  public var hashOfBytes: Int {
    var hasher = Hasher()
    withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize()
  }
}
