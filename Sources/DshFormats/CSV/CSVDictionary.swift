// Text columns with few distinct values, straight from the file's bytes into codes.
import CDshKernels
import DshColumns

/// The distinct texts of one column of a part, as long as they are few.
///
/// Batches share the table: an entry keeps its code, so that most batches need no new table. A table may hold texts that a batch does not.
final class CSVDictionary {
  private let table: UnsafeMutablePointer<dsh_csv_dictionary>
  /// Whether there were too many texts: the column is plain text from then on.
  private(set) var isGivenUp = false
  /// The rows of all batches so far.
  private var rows = 0
  private var entryCount = 0
  private var offsets = Buffer.empty
  private var bytes = Buffer.empty

  init() {
    table = .allocate(capacity: 1)
    dsh_csv_dictionary_clear(table)
  }

  deinit { table.deallocate() }

  /// The column that `count` cells make, or nil, for good, if it is no column for a dictionary.
  func column(_ cells: inout dsh_csv_cells, count: Int, scratch: CSVScratch) -> Column? {
    if isGivenUp { return nil }
    scratch.reserve(count)
    let codes = MutableBuffer(capacity: count * 2)
    var nulls: Int64 = 0
    let stop = Int(dsh_csv_parse_codes(&cells, Int64(count), codes.pointer(), table, scratch.valid, &nulls))
    // Texts that hardly repeat will not begin to.
    rows += count
    let isHardlyRepeated = rows >= Self.judgedRows && Int(table.pointee.entry_count) * 2 > rows
    if stop < count || isHardlyRepeated {
      isGivenUp = true
      return nil
    }
    // Nothing but nulls so far: codes need an entry to name.
    if table.pointee.entry_count == 0 { return nil }
    refreshTable()
    codes.byteCount = count * Column.codeWidth(entryCount: entryCount)
    return Column(
      type: .string, count: count, validity: nulls > 0 ? bitmap(scratch.valid, count) : nil,
      storage: .dictionary(codes: codes.freeze(), entryCount: entryCount, offsets: offsets, bytes: bytes))
  }

  /// Fewer rows tell nothing about repetition.
  private static let judgedRows = 128

  private func bitmap(_ valid: UnsafePointer<UInt8>, _ count: Int) -> Bitmap {
    let bits = MutableBuffer(capacity: Bitmap.byteCount(for: count))
    bits.appendZeros((Bitmap.byteCount(for: count) + 7) / 8 * 8)
    Bitmap.pack(valid, count: count, into: bits.pointer(), at: 0)
    return Bitmap(buffer: bits.freeze(), count: count)
  }

  private func refreshTable() {
    guard entryCount != Int(table.pointee.entry_count) else { return }
    entryCount = Int(table.pointee.entry_count)
    let newOffsets = MutableBuffer(capacity: (entryCount + 1) * 4)
    newOffsets.append(dsh_csv_dictionary_offsets(table), byteCount: (entryCount + 1) * 4)
    let length = Int(dsh_csv_dictionary_offsets(table)[entryCount])
    let newBytes = MutableBuffer(capacity: length)
    newBytes.append(dsh_csv_dictionary_bytes(table), byteCount: length)
    offsets = newOffsets.freeze()
    bytes = newBytes.freeze()
  }
}
