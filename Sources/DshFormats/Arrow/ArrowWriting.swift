// How Arrow files are written (Arrow columnar format, "IPC File Format"): Feather version 2 is the same.
import DshColumns
import DshDiagnostics

/// The writing side of `arrow`: each part is one record batch.
struct ArrowWriting: FormatWriting {
  /// How the buffers are compressed, if they are: as they are they can be mapped.
  var codec: ArrowCodec?
  /// What the footer says besides, by its keys.
  var metadata: [ArrowMetadata] = []

  let separator: [UInt8] = []

  private static let options: [NamedOption<ArrowWriting>] = [
    NamedOption("compression") { writing, typed throws(Diagnostic) in
      guard let codec = codecs[typed.text.lowercased()] else {
        throw Diagnostic(
          .invalidOptionValue, .user, "Arrow files are not compressed with \(Diagnostic.shown(typed.text))", span: typed.span,
          suggestion: "--compression=none, lz4 or zstd")
      }
      writing.codec = codec
    }
  ]

  private static let codecs: [String: ArrowCodec?] = ["none": nil, "lz4": .lz4Frame, "zstd": .zstd]

  var optionNames: [String] { Self.options.map(\.name) }

  func configured(_ options: [FormatOption]) throws(Diagnostic) -> ArrowWriting {
    var writing = self
    for option in options { try option.apply(Self.options, to: &writing) }
    return writing
  }

  func header(_ schema: Schema) -> [UInt8] { ArrowDirectory.fileHeader + ArrowStreaming().header(schema) }

  func makePart(_ schema: Schema, output: MutableBuffer) -> any FormatPart { ArrowPart(schema, codec, output) }

  func footer(_ schema: Schema, parts: [PartSummary]) -> [UInt8] {
    var offset = header(schema).count
    var blocks: [[Int64]] = []
    for part in parts {
      var reader = ByteReader(part.metadata)
      // A part that made no batch says nothing.
      if let metadataBytes = try? reader.readInt(), let bodyBytes = try? reader.readInt() {
        blocks.append([Int64(offset), Int64(metadataBytes), Int64(bodyBytes)])
      }
      offset += part.byteCount
    }
    var footer: FlatFields = [0: .int16(ArrowMessage.version), 1: .table(ArrowStreaming.schemaTable(schema)), 3: .structures(blocks)]
    if !metadata.isEmpty { footer[4] = .tables(metadata.map(\.table)) }
    let bytes = FlatBufferWriter(footer).bytes
    return ArrowMessage.end + bytes + withUnsafeBytes(of: UInt32(bytes.count).littleEndian) { Array($0) } + ArrowDirectory.fileEnd
  }
}

/// Gathers the rows of a part and writes them as one record batch.
private final class ArrowPart: FormatPart {
  private let codec: ArrowCodec?
  private let output: MutableBuffer
  private let rows: BlockBuilder

  init(_ schema: Schema, _ codec: ArrowCodec?, _ output: MutableBuffer) {
    self.codec = codec
    self.output = output
    rows = BlockBuilder(schema: schema)
  }

  func append(_ batch: Batch) { rows.append(batch) }

  /// The lengths of the message's metadata and body.
  func finish() -> [UInt8] {
    guard rows.rowCount > 0 else { return [] }
    let message = ArrowBatchWriter.message(rows.finish(), codec: codec)
    message.withUnsafeBytes { CellText.append(bytes: $0, to: output) }
    let metadataBytes = 8 + (0..<4).reduce(0) { $0 | Int(message[4 + $1]) << (8 * $1) }
    var writer = ByteWriter()
    writer.write(metadataBytes)
    writer.write(message.count - metadataBytes)
    return writer.bytes
  }
}
