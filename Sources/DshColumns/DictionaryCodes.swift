// The codes of a dictionary column: which entry each row has, and which rows have some of the entries.
import CDshKernels

extension Column {
  /// As many entries of a dictionary are named by codes of one byte, more by codes of two.
  public static let byteCodeLimit = 256

  /// The bytes of one code.
  @inlinable public static func codeWidth(entryCount: Int) -> Int { entryCount > byteCodeLimit ? 2 : 1 }
}

/// The codes of a dictionary column, read as numbers of entries, whatever their width. The buffer must outlive it.
@unsafe public struct DictionaryCodes {
  @usableFromInline let address: UnsafeRawPointer
  @usableFromInline let isWide: Bool

  @inlinable public init(_ buffer: Buffer, entryCount: Int) {
    unsafe address = buffer.address
    unsafe isWide = Column.codeWidth(entryCount: entryCount) == 2
  }

  /// The entry of a row. It is a row of the column, which nobody checks.
  @inlinable @inline(__always) public subscript(row: Int) -> Int {
    unsafe isWide ? Int(address.assumingMemoryBound(to: UInt16.self)[row]) : Int(address.assumingMemoryBound(to: UInt8.self)[row])
  }
}

/// Some of the entries of a dictionary, ready to be looked up by codes.
public struct DictionarySubset: Sendable {
  /// A byte for each code that there may be, all bits of which are set for those in the subset.
  private let table: [UInt8]
  private let entryCount: Int

  /// - Parameter entries: a bit for each entry, of which there are at most `Column.dictionaryLimit`.
  public init(_ entries: Bitmap) {
    precondition(entries.count <= Column.dictionaryLimit, "a dictionary of \(entries.count) entries")
    var table = [UInt8](repeating: 0, count: entries.count > Column.byteCodeLimit ? Column.dictionaryLimit : Column.byteCodeLimit)
    for entry in 0..<entries.count where unsafe entries[entry] { table[entry] = .max }
    self.table = table
    entryCount = entries.count
  }

  /// The rows whose codes name one of the entries. That there is a code for each row, and an entry for each code of two bytes, nobody checks.
  @unsafe public func rows(_ codes: Buffer, count: Int) -> Bitmap {
    let words = MutableBuffer(capacity: (count + 63) / 64 * 8)
    words.byteCount = (count + 63) / 64 * 8
    let output = unsafe words.pointer(to: UInt64.self)
    if Column.codeWidth(entryCount: entryCount) == 2 {
      unsafe dsh_lookup_wide_bits(table, codes.pointer(to: UInt16.self), count, output)
    } else {
      unsafe dsh_lookup_bits(table, entryCount, codes.pointer(to: UInt8.self), count, output)
    }
    return Bitmap(buffer: words.freeze(), count: count)
  }
}
