// The rows of a task as a part of a file in a format.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

public struct EncodeText: SinkSpec {
  public static let name = "text"

  public let format: String

  public init(format: String) { self.format = format }

  public var title: String { "text" }
  public var verb: String? { "write" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    let output = MutableBuffer(capacity: 1 << 16)
    return TextSink(try FormatRegistry.named(format).writingOrRefusal().makePart(input, output: output), output, environment)
  }

  public func encode(to writer: inout ByteWriter) { writer.write(format) }

  public init(from reader: inout ByteReader) throws { format = try reader.readString() }
}

private final class TextSink: BatchSink {
  private let part: any FormatPart
  private let output: MutableBuffer
  private let environment: any TaskEnvironment
  private let reservation: any MemoryReservation
  private var rows = 0

  init(_ part: any FormatPart, _ output: MutableBuffer, _ environment: any TaskEnvironment) {
    self.part = part
    self.output = output
    self.environment = environment
    reservation = environment.makeReservation()
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    part.append(batch)
    rows += batch.rowCount
    try reservation.resize(to: output.byteCount)
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    report.rows = rows
    report.partMetadata = part.finish()
    try reservation.resize(to: 0)
    try environment.store(UnsafeRawBufferPointer(start: output.start, count: output.byteCount), rows: rows)
  }
}
