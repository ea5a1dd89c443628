// How Parquet files are read.
import DshColumns
import DshDiagnostics

/// The reading side of `parquet`.
struct ParquetReading: FormatReading {
  /// The columns, the borders of row groups, and the rows.
  struct Look: Sendable {
    var schema: Schema
    var borders: [Int]
    var rowCount: Int
  }

  func look(at source: ByteSource, options: ReadOptions) throws -> Look {
    let footer = try ParquetFooter(source)
    return Look(schema: footer.schema.schema, borders: ParquetCutting.borders(of: footer.metadata), rowCount: footer.metadata.rowCount)
  }

  func settle(_ looks: [Look], options: ReadOptions) -> [FileDescription] {
    looks.map { look in
      var layout = ByteWriter()
      layout.write(look.borders) { $0.write($1) }
      return FileDescription(
        schema: look.schema, dataStart: look.borders.first ?? 0, layout: layout.bytes, rowCount: look.rowCount)
    }
  }

  func splits(of file: FileDescription, sizeBytes: Int, blockBytes: Int, spreads: Bool) -> FileSplits {
    var reader = ByteReader(file.layout)
    let borders = (try? reader.readArray { try $0.readInt() }) ?? []
    return FileSplits(borders: borders, blockBytes: spreads ? min(blockBytes, Self.spreadBytes(borders)) : blockBytes)
  }

  /// A small file is cut into several splits all the same, if it has several row groups.
  private static func spreadBytes(_ borders: [Int]) -> Int {
    guard let first = borders.first, let last = borders.last else { return 1 }
    return max(1, (last - first) / FileSplits.spreadCount)
  }

  func open(_ scan: FileScan, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws -> any FormatReader {
    let footer = try ParquetFooterCache.footer(of: source, read: scan.schema)
    guard footer.schema.columns.count == scan.schema.count else { throw DecodingFailure("a file with other columns than it had") }
    return try ParquetScanner(scan, footer: footer, source: source, predicate: predicate, batchRows: batchRows)
  }
}
