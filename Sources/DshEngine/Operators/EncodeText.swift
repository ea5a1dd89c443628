// The rows of a task as a part of a file in a format, compressed if that is asked for.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan

public struct EncodeText: SinkSpec {
  public static let name = "text"

  public let format: String
  /// The format's own options, as bytes; none where nobody says how it is written.
  public let options: [UInt8]
  /// How the part becomes a member of its own in a compressed file.
  public let compression: Compression?

  public init(format: String, options: [UInt8] = [], compression: Compression? = nil) {
    self.format = format
    self.options = options
    self.compression = compression
  }

  public var title: String { "text" }
  public var verb: String? { "write" }
  public func schema(over input: Schema) -> Schema { input }

  public func open(over input: Schema, step: Int, _ environment: any TaskEnvironment) throws -> any BatchSink {
    let output = MutableBuffer(capacity: 1 << 16)
    let writing = try FormatRegistry.named(format).writingOrRefusal().configured(by: options)
    return TextSink(writing.makePart(input, output: output), output, compression, environment)
  }

  public func encode(to writer: inout ByteWriter) {
    writer.write(format)
    writer.write(options)
    writer.write(compression?.rawValue) { $0.write($1) }
  }

  public init(from reader: inout ByteReader) throws {
    format = try reader.readString()
    options = try reader.readBytes()
    compression = try reader.readOptional { reader in
      guard let kind = Compression(rawValue: try reader.readUInt8()) else { throw DecodingFailure("no such kind of compression") }
      return kind
    }
  }
}

private final class TextSink: BatchSink {
  private let part: any FormatPart
  private let output: MutableBuffer
  private let compression: Compression?
  private let environment: any TaskEnvironment
  private let reservation: any MemoryReservation
  private var rows = 0

  init(_ part: any FormatPart, _ output: MutableBuffer, _ compression: Compression?, _ environment: any TaskEnvironment) {
    self.part = part
    self.output = output
    self.compression = compression
    self.environment = environment
    reservation = environment.makeReservation()
  }

  func append(_ batch: Batch) throws -> SinkAnswer {
    try part.append(batch)
    rows += batch.rowCount
    try reservation.resize(to: output.byteCount)
    return .more
  }

  func finish(_ report: inout TaskReport) throws {
    report.rows = rows
    report.partMetadata = part.finish()
    try reservation.resize(to: 0)
    let bytes = UnsafeRawBufferPointer(start: output.start, count: output.byteCount)
    guard let compression else { return try environment.store(bytes, rows: rows) }
    try compression.member(of: bytes).withUnsafeBytes { try environment.store($0, rows: rows) }
  }
}
