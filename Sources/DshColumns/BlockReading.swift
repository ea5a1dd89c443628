// Reads a block where it lies: checks the header against the bytes, then presents the buffers without copying.

extension BlockFormat {
  /// The bytes of a block in front of its buffers, as it says itself; it may say anything.
  public static func headerByteCount(of block: UnsafeRawBufferPointer) -> Int {
    // Four bytes of magic, and the length of the header.
    block.count < 8 ? block.count : unsafe 8 + Int(block.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
  }

  /// The batch in a block; its columns point into `bytes`, which `owner` keeps alive.
  ///
  /// Every offset and length is checked against the block. Text offsets are checked at both ends; those between, and the
  /// codes of dictionaries, were written by a process of this cluster before the block was sealed.
  public static func decode(_ bytes: UnsafeRawBufferPointer, owner: AnyObject?) throws -> Batch {
    guard let base = bytes.baseAddress, bytes.count >= 8, unsafe bytes.loadUnaligned(as: UInt32.self) == magic else {
      throw DecodingFailure("not a block")
    }
    // Buffers start at multiples of 64, so that this is enough for any value in them.
    guard Int(bitPattern: base) % MemoryLayout<Int64>.alignment == 0 else { throw DecodingFailure("a block that is not aligned") }
    let headerBytes = unsafe Int(bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    guard headerBytes <= headerLimit, headerBytes <= bytes.count - 8 else { throw DecodingFailure("a block header is cut short") }
    var reader = unsafe BlockHeaderReader(
      reader: ByteReader(Array(UnsafeRawBufferPointer(rebasing: bytes[8..<8 + headerBytes]))), base: base, byteCount: bytes.count,
      owner: owner)
    let schema = try reader.reader.readSchema()
    let rowCount = try reader.reader.readInt()
    guard rowCount >= 0, rowCount < rowLimit else { throw DecodingFailure("a bad number of rows: \(rowCount)") }
    var columns: [Column] = []
    for field in schema.fields {
      let column = try reader.readColumn(field.type)
      guard column.count == rowCount else { throw DecodingFailure("a column of another length") }
      columns.append(column)
    }
    return Batch(schema: schema, columns: columns, rowCount: rowCount)
  }
}

/// `@safe`: every buffer it gives was found to lie within the block.
@safe private struct BlockHeaderReader {
  var reader: ByteReader
  let base: UnsafeRawPointer
  let byteCount: Int
  let owner: AnyObject?
  var depth = 0

  /// The next buffer; throws unless it holds at least `needed` bytes inside the block.
  mutating func readBuffer(atLeast needed: Int) throws -> Buffer {
    let offset = try reader.readInt()
    let length = try reader.readInt()
    guard offset >= 0, length >= needed, offset <= byteCount, length <= byteCount - offset, offset % MutableBuffer.alignment == 0 else {
      throw DecodingFailure("a buffer outside its block: \(offset), \(length) of \(byteCount)")
    }
    return unsafe Buffer(address: base + offset, byteCount: length, owner: owner)
  }

  /// Offsets of `count` items whose ends lie in a buffer of `limit` bytes or elements.
  func check(_ offsets: Buffer, count: Int, limit: Int) throws {
    // The buffer was read with room for `count + 1` of them.
    let pointer = unsafe offsets.pointer(to: Int32.self)
    let (first, last) = unsafe (pointer[0], pointer[count])
    guard first == 0, last >= 0, Int(last) <= limit else { throw DecodingFailure("offsets outside their buffer") }
  }

  mutating func readColumn(_ type: DataType) throws -> Column {
    guard depth < ByteReader.depthLimit else { throw DecodingFailure("nested too deep") }
    depth += 1
    defer { depth -= 1 }
    let count = try reader.readInt()
    guard count >= 0, count < BlockFormat.rowLimit else { throw DecodingFailure("a bad number of rows: \(count)") }
    let validity = try reader.readBool() ? Bitmap(buffer: try readBuffer(atLeast: Bitmap.byteCount(for: count)), count: count) : nil
    let storage: Column.Storage
    switch (try reader.readUInt8(), type) {
    case (0, .null): storage = .none
    case (1, .bool): storage = .bits(try readBuffer(atLeast: Bitmap.byteCount(for: count)))
    case (2, _) where type.fixedWidthBytes != nil: storage = .fixed(try readBuffer(atLeast: count * (type.fixedWidthBytes ?? 0)))
    case (3, .string), (3, .binary):
      let offsets = try readBuffer(atLeast: (count + 1) * 4)
      let bytes = try readBuffer(atLeast: 0)
      try check(offsets, count: count, limit: bytes.byteCount)
      storage = .text(offsets: offsets, bytes: bytes)
    case (4, .string):
      let entryCount = try reader.readInt()
      guard entryCount > 0 || count == 0, entryCount <= Column.dictionaryLimit else { throw DecodingFailure("a bad dictionary size") }
      let codes = try readBuffer(atLeast: count * Column.codeWidth(entryCount: entryCount))
      let offsets = try readBuffer(atLeast: (entryCount + 1) * 4)
      let bytes = try readBuffer(atLeast: 0)
      try check(offsets, count: entryCount, limit: bytes.byteCount)
      storage = .dictionary(codes: codes, entryCount: entryCount, offsets: offsets, bytes: bytes)
    case (5, .list), (5, .map):
      let offsets = try readBuffer(atLeast: (count + 1) * 4)
      let elements = try readColumn(type.member ?? .null)
      try check(offsets, count: count, limit: elements.count)
      storage = .list(offsets: offsets, elements: elements)
    case (6, .structure(let fields)):
      storage = .structure(
        try fields.map { field in
          let column = try readColumn(field.type)
          guard column.count == count else { throw DecodingFailure("a field of another length") }
          return column
        })
    case (let tag, _): throw DecodingFailure("storage \(tag) does not fit \(type.name)")
    }
    return Column(type: type, count: count, validity: validity, storage: storage)
  }
}
