// How Parquet files are written: each part is row groups of its own, and the footer puts together what they tell.
import DshColumns
import DshDiagnostics

/// The writing side of `parquet`.
struct ParquetWriting: FormatWriting {
  var codec = ParquetCodec.zstd
  /// The most rows of a row group.
  var groupRows = 1 << 20
  /// Whether pages carry checksums.
  var hasChecksums = true

  private static let options: [NamedOption<ParquetWriting>] = [
    NamedOption("compression") { writing, typed throws(Diagnostic) in
      guard let codec = codecs[typed.text] else {
        throw Diagnostic(.invalidOptionValue, .user, "parquet has no compression of this name: \(typed.text)", span: typed.span)
      }
      writing.codec = codec
    },
    NamedOption("row-group-rows") { $0.groupRows = max(1, $1.number) },
  ]

  var optionNames: [String] { Self.options.map(\.name) }

  func configured(_ options: [FormatOption]) throws(Diagnostic) -> ParquetWriting {
    var writing = self
    for option in options { try option.apply(Self.options, to: &writing) }
    return writing
  }

  private static let codecs: [String: ParquetCodec] = [
    "none": .uncompressed, "snappy": .snappy, "gzip": .gzip, "zstd": .zstd, "lz4": .lz4Raw, "brotli": .brotli,
  ]

  var separator: [UInt8] { [] }

  func header(_ schema: Schema) -> [UInt8] { ParquetFooter.magic }

  func makePart(_ schema: Schema, output: MutableBuffer) -> any FormatPart { ParquetPart(schema, self, output: output) }

  func footer(_ schema: Schema, parts: [PartSummary]) -> [UInt8] {
    var footer = ParquetFooterWriter(schema, codec)
    for part in parts { footer.add(part) }
    return footer.finish()
  }
}

/// A part of a file: row groups, one behind the other.
private final class ParquetPart: FormatPart {
  private let schema: Schema
  private let writing: ParquetWriting
  private let output: MutableBuffer
  private let start: Int
  private var leaves: [ParquetLeafValues] = []
  private var rows = 0
  private var groups: [ParquetWrittenGroup] = []

  init(_ schema: Schema, _ writing: ParquetWriting, output: MutableBuffer) {
    self.schema = schema
    self.writing = writing
    self.output = output
    start = output.byteCount
    begin()
  }

  private func begin() {
    leaves = ParquetWrittenLeaf.leaves(of: schema).map { ParquetLeafValues($0) }
    rows = 0
  }

  func append(_ batch: Batch) throws(Diagnostic) {
    var taken = 0
    while taken < batch.rowCount {
      let count = min(batch.rowCount - taken, writing.groupRows - rows)
      let piece = batch.slice(from: taken, count: count)
      var next = 0
      for (field, column) in zip(schema.fields, piece.columns) {
        let leafCount = ParquetWrittenLeaf.leaves(of: Schema([Field("", column.type)])).count
        do throws(ParquetUnwritable) { try shred(column, into: leaves[next..<next + leafCount]) } catch {
          throw Diagnostic(error.code, "\(error.reason), which Parquet has no place for: column \(Diagnostic.shown(field.name))")
        }
        next += leafCount
      }
      rows += count
      taken += count
      if rows == writing.groupRows { flush() }
    }
  }

  private func flush() {
    guard rows > 0 else { return }
    var group = ParquetWrittenGroup()
    group.rowCount = rows
    group.chunks = leaves.map { ParquetChunkWriter($0, writing, to: output, partStart: start).write() }
    group.ascendingLeaf = leaves.firstIndex { $0.isAscending }
    groups.append(group)
    begin()
  }

  func finish() -> [UInt8] {
    flush()
    var writer = ByteWriter()
    writer.write(groups) { $0.write($1) }
    return writer.bytes
  }
}

extension ParquetLeafValues {
  /// Whether each row has a number or date, none less than the one before it.
  fileprivate var isAscending: Bool {
    guard leaf.path.count == 1, leaf.maximumRepetition == 0, valueCount == entryCount, valueCount > 0 else { return false }
    switch leaf.type {
    case .int64, .timestamp:
      let numbers = values.pointer(to: Int64.self)
      return (1..<max(1, valueCount)).allSatisfy { numbers[$0 - 1] <= numbers[$0] }
    case .date:
      let numbers = values.pointer(to: Int32.self)
      return (1..<max(1, valueCount)).allSatisfy { numbers[$0 - 1] <= numbers[$0] }
    default: return false
    }
  }
}
