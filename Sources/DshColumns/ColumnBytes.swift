// Which bytes some rows of a column are made of: for whoever has to check them before they are believed.

extension Column {
  /// Calls `body` with the bytes of some rows, places of others before what they lead to: whoever throws at bytes that are wrong never follows a place
  /// that was not checked. Tables of dictionaries are passed whole.
  ///
  /// - Parameter rows: rows of the column.
  public func visitBytes(of rows: Range<Int>, _ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows of the column: \(rows) of \(count)")
    if rows.isEmpty { return }
    if let validity { try unsafe body(Self.bits(of: validity.buffer, rows)) }
    switch storage {
    case .none: return
    case .bits(let values): try unsafe body(Self.bits(of: values, rows))
    case .fixed(let values): try unsafe body(Self.items(of: values, rows, width: type.fixedWidthBytes ?? 8))
    case .text(let offsets, let bytes):
      let range = try unsafe Self.visit(offsets, rows, limit: bytes.byteCount, body)
      try unsafe body(Self.items(of: bytes, range, width: 1))
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      try unsafe body(Self.items(of: codes, rows, width: Column.codeWidth(entryCount: entryCount)))
      let range = try unsafe Self.visit(offsets, 0..<entryCount, limit: bytes.byteCount, body)
      try unsafe body(Self.items(of: bytes, range, width: 1))
    case .list(let offsets, let elements):
      try unsafe elements.visitBytes(of: Self.visit(offsets, rows, limit: elements.count, body), body)
    case .structure(let columns): for column in columns { try unsafe column.visitBytes(of: rows, body) }
    }
  }

  /// Visits the offsets of some rows; what they lead to.
  private static func visit(
    _ offsets: Buffer, _ rows: Range<Int>, limit: Int, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws -> Range<Int> {
    try unsafe body(items(of: offsets, rows.lowerBound..<rows.upperBound + 1, width: 4))
    // There is one offset more than rows.
    let pointer = unsafe offsets.pointer(to: Int32.self)
    let (first, end) = unsafe (Int(pointer[rows.lowerBound]), Int(pointer[rows.upperBound]))
    guard 0 <= first, first <= end, end <= limit else { throw DecodingFailure("offsets outside their buffer") }
    return first..<end
  }

  private static func items(of buffer: Buffer, _ items: Range<Int>, width: Int) -> UnsafeRawBufferPointer {
    unsafe buffer.slice(from: items.lowerBound * width, byteCount: items.count * width).bytes
  }

  private static func bits(of buffer: Buffer, _ rows: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe items(of: buffer, rows.lowerBound / 8..<(rows.upperBound + 7) / 8, width: 1)
  }
}
