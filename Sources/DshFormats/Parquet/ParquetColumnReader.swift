// Reads one column of a row group, in order: some rows are read, others passed over.
import CDshKernels
import DshColumns
import DshDiagnostics

/// A column of the file in one row group.
protocol ParquetColumnReader: AnyObject {
  /// The next so many rows.
  func read(_ rows: Int) throws -> Column
  /// The same as codes, if they all have them.
  func readRows(_ rows: Int) throws -> ParquetRows
  /// Passes over rows; pages without any other row are not even decompressed.
  func skip(_ rows: Int) throws
  /// Bytes of the file read so far.
  var bytesRead: Int { get }
}

extension ParquetColumnReader {
  func readRows(_ rows: Int) throws -> ParquetRows { .values(try read(rows)) }
}

/// A column with a value or null in each row.
final class ParquetFlatReader: ParquetColumnReader {
  private let leaf: ParquetLeaf
  private let pages: ParquetPages
  private let place: ParquetPlace
  private var values: (any ParquetDecoder)?
  private var definition = dsh_run_length()
  /// Rows of the page at hand that are still to come.
  private var pageRows = 0
  /// Rows to pass over before the next is read.
  private var pendingSkip = 0
  private let scratch = MutableBuffer(capacity: 0)

  init(_ source: ByteSource, _ chunk: ParquetColumnChunk, _ leaf: ParquetLeaf, _ place: ParquetPlace) throws {
    self.leaf = leaf
    self.place = place
    pages = try ParquetPages(source, chunk, leaf, place)
  }

  var bytesRead: Int { pages.bytesRead }

  func skip(_ rows: Int) throws { pendingSkip += rows }

  func read(_ rows: Int) throws -> Column {
    let builder = ParquetValueBuilder(leaf, capacity: rows, place)
    return try builder.finish(rows: rows, validity: fill(builder, rows))
  }

  func readRows(_ rows: Int) throws -> ParquetRows {
    let builder = ParquetValueBuilder(leaf, capacity: rows, place, forCodes: true)
    return try builder.finishRows(rows, validity: fill(builder, rows))
  }

  /// Reads the next rows into a builder; gives those that have a value, nil if all do.
  private func fill(_ builder: ParquetValueBuilder, _ rows: Int) throws -> Bitmap? {
    try passPending()
    let bits = leaf.maximumDefinition > 0 ? MutableBuffer(capacity: (rows + 63) / 64 * 8) : nil
    var done = 0
    while done < rows {
      if pageRows == 0 { try openPage() }
      let some = min(rows - done, pageRows)
      var present = some
      if let bits {
        guard dsh_run_length_bits(&definition, bits.pointer(to: UInt8.self), done, some) == some else {
          throw place.damaged("levels are cut short")
        }
        present = dsh_count_bits(bits.pointer(to: UInt8.self), done, some)
      }
      if present > 0 { try values?.read(present, into: builder) }
      pageRows -= some
      done += some
    }
    guard let bits, builder.count < rows else { return nil }
    bits.byteCount = Bitmap.byteCount(for: rows)
    return Bitmap(buffer: bits.freeze(), count: rows)
  }

  private func openPage() throws {
    guard let header = try pages.next() else { throw place.damaged("its pages have fewer values than rows") }
    if header.kind == .dataV2, header.rowCount != header.valueCount {
      throw place.damaged("a page has \(header.valueCount) values in \(header.rowCount) rows")
    }
    let page = try pages.read()
    definition = page.definition
    values = try parquetDecoder(page, pages.dictionary, leaf, place)
    pageRows = header.valueCount
  }

  private func passPending() throws {
    while pendingSkip > 0 {
      if pageRows == 0 {
        guard let header = try pages.next() else { throw place.damaged("its pages have fewer values than rows") }
        if header.valueCount <= pendingSkip {
          pendingSkip -= header.valueCount
          pages.pass()
          continue
        }
        try openPage()
      }
      let piece = 1 << 16
      let some = min(pendingSkip, pageRows, piece)
      var present = some
      if leaf.maximumDefinition > 0 {
        scratch.byteCount = 0
        scratch.reserve(piece / 8)
        guard dsh_run_length_bits(&definition, scratch.pointer(to: UInt8.self), 0, some) == some else {
          throw place.damaged("levels are cut short")
        }
        present = dsh_count_bits(scratch.pointer(to: UInt8.self), 0, some)
      }
      try values?.skip(present)
      pageRows -= some
      pendingSkip -= some
    }
  }
}
