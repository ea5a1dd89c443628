// The codes of a dictionary column: which entry each row has.

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
