// What one task does, as plain data and as bytes: where its rows come from, the steps they go through, and what is made of them.

import DshColumns

/// A fused pipeline over one split or over some blocks. Its bytes are all that a task needs besides the blocks it names.
public struct TaskSpec: Sendable {
  public var source: any SourceSpec
  public var steps: [any StepSpec]
  public var sink: any SinkSpec
  /// The most rows of a batch; changes speed, never results.
  public var batchRows: Int

  /// Larger batches fit no cache, and buffers for one batch are taken as a whole.
  public static let largestBatchRows = 1 << 20

  public init(source: any SourceSpec, steps: [any StepSpec], sink: any SinkSpec, batchRows: Int) {
    self.source = source
    self.steps = steps
    self.sink = sink
    self.batchRows = batchRows
  }

  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(operation: source)
    writer.write(steps) { $0.write(operation: $1) }
    writer.write(operation: sink)
    writer.write(batchRows)
    return writer.bytes
  }

  public init(decoding bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    source = try reader.readOperation(OperatorRegistry.sources)
    steps = try reader.readArray { try $0.readOperation(OperatorRegistry.steps) }
    sink = try reader.readOperation(OperatorRegistry.sinks)
    batchRows = try reader.readInt()
    guard 1...Self.largestBatchRows ~= batchRows else { throw DecodingFailure("batches of \(batchRows) rows") }
    if reader.remaining > 0 { throw DecodingFailure("bytes after the end of a task: \(reader.remaining)") }
  }
}

extension ByteWriter {
  /// Writes an operator: its name, then its own bytes.
  public mutating func write(operation: any OperatorSpec) {
    write(type(of: operation).name)
    operation.encode(to: &self)
  }
}

extension ByteReader {
  /// Reads one of the operators that a registry knows.
  mutating func readOperation<Kind>(_ known: [String: @Sendable (inout ByteReader) throws -> Kind]) throws -> Kind {
    let name = try readString()
    guard let read = known[name] else { throw DecodingFailure("unknown operator \(name)") }
    return try read(&self)
  }
}
