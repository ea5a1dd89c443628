// Finds the footer of a Parquet file and checks what it says against the file.
import DshColumns
import DshDiagnostics

/// The footer of a file, with its schema as a tree.
struct ParquetFooter: Sendable {
  let metadata: ParquetMetadata
  let schema: ParquetSchema
  /// The bytes that it takes in the file.
  let byteCount: Int

  /// The bytes at the start and at the end of a file.
  static let magic = Array("PAR1".utf8)
  /// Those of a file whose footer is encrypted.
  static let encryptedMagic = Array("PARE".utf8)
  /// Footers of files with a hundred thousand columns of row groups take about as many bytes.
  static let limitBytes = 128 << 20
  /// So much of the end of a file is read at first: most footers are in it.
  static let guessedBytes = 64 << 10

  /// - Parameter read: the types that a `read` settled on, if it has.
  init(_ source: ByteSource, read: Schema? = nil) throws {
    let place = ParquetPlace(path: source.path)
    let size = source.sizeBytes
    guard size >= 12 else { throw Self.otherFormat(source) }
    var end = try source.bytes(at: max(0, size - Self.guessedBytes), count: min(size, Self.guessedBytes))
    guard end.count >= 8, size >= 12 else { throw place.damaged("it is cut short") }
    let magic = Array(end.suffix(4))
    if magic == Self.encryptedMagic { throw place.unsupported("an encrypted Parquet file") }
    guard magic == Self.magic else {
      let start = try source.bytes(at: 0, count: 4)
      throw start == Self.magic ? place.damaged("its end is missing") : Self.otherFormat(source)
    }
    let length = end.suffix(8).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= size - 12 else { throw place.damaged("its footer would begin before the file") }
    guard length <= Self.limitBytes else { throw place.tooLarge("the footer", limit: Self.limitBytes) }
    if length + 8 > end.count {
      end = try source.bytes(at: size - 8 - length, count: length + 8)
      guard end.count == length + 8 else { throw place.damaged("it is cut short") }
    }
    byteCount = length
    let footer = end.dropLast(8).suffix(length)
    do {
      metadata = try footer.withUnsafeBytes { bytes in
        var reader = ThriftReader(bytes)
        return try ParquetMetadata(from: &reader)
      }
    } catch let failure as ThriftFailure { throw place.damaged("its footer", failure) }
    if metadata.isEncrypted { throw place.unsupported("an encrypted Parquet file") }
    let plain = try ParquetSchema(metadata.schema, place: place)
    schema = metadata.arrowSchema.map { plain.refined($0, read: read) } ?? plain
    try check(sizeBytes: size, place)
  }

  private static func otherFormat(_ source: ByteSource) -> Diagnostic {
    let head = (try? source.bytes(at: 0, count: 512)) ?? []
    return FileSignature.notReadable(as: "a Parquet file", head, source.path)
  }

  /// Every number that is used later on stays within the file.
  private func check(sizeBytes: Int, _ place: ParquetPlace) throws {
    var total = 0
    for (index, group) in metadata.rowGroups.enumerated() {
      var place = place
      place.rowGroup = index
      guard group.rowCount >= 0, !total.addingReportingOverflow(group.rowCount).overflow else {
        throw place.damaged("its number of rows is not one")
      }
      total += group.rowCount
      guard group.columns.count == schema.leaves.count else {
        throw place.damaged("it has \(group.columns.count) columns instead of \(schema.leaves.count)")
      }
      for (chunk, leaf) in zip(group.columns, schema.leaves) {
        place.column = leaf.path
        if chunk.isEncrypted { throw place.unsupported("an encrypted column") }
        if chunk.isElsewhere { throw place.unsupported("a column in a file of its own") }
        guard chunk.type == leaf.type else { throw place.damaged("the column is of another type than the schema says") }
        guard chunk.dataPageOffset >= 0, chunk.compressedBytes >= 0, chunk.uncompressedBytes >= 0, chunk.valueCount >= 0,
          chunk.start <= sizeBytes, chunk.compressedBytes <= sizeBytes - chunk.start
        else {
          throw place.damaged("the column lies outside of the file")
        }
        guard leaf.maximumRepetition > 0 || chunk.valueCount == group.rowCount else {
          throw place.damaged("the column has \(chunk.valueCount) values for \(group.rowCount) rows")
        }
      }
    }
    guard total == metadata.rowCount else { throw place.damaged("its row groups have \(total) rows instead of \(metadata.rowCount)") }
  }
}
