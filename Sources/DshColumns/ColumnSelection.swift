// Takes rows out of columns: a range, a set, or a list of row numbers.

extension Column {
  /// The rows from `start`, sharing bytes where the layout allows.
  public func slice(from start: Int, count length: Int) -> Column {
    precondition(start >= 0 && length >= 0 && start + length <= count, "slice within the column")
    if start == 0 && length == count { return self }
    let map = validity?.slice(from: start, count: length)
    let sliced: Storage
    switch storage {
    case .none: sliced = .none
    case .bits(let buffer): sliced = .bits(Bitmap(buffer: buffer, count: count).slice(from: start, count: length).buffer)
    case .fixed(let buffer):
      let width = type.fixedWidthBytes ?? 8
      sliced = .fixed(buffer.slice(from: start * width, byteCount: length * width))
    case .text(let offsets, let bytes):
      sliced = .text(offsets: offsets.slice(from: start * 4, byteCount: (length + 1) * 4), bytes: bytes)
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      let width = Column.codeWidth(entryCount: entryCount)
      sliced = .dictionary(
        codes: codes.slice(from: start * width, byteCount: length * width), entryCount: entryCount, offsets: offsets, bytes: bytes)
    case .list(let offsets, let elements):
      sliced = .list(offsets: offsets.slice(from: start * 4, byteCount: (length + 1) * 4), elements: elements)
    case .structure(let columns): sliced = .structure(columns.map { $0.slice(from: start, count: length) })
    }
    return Column(type: type, count: length, validity: map, storage: sliced)
  }

  /// The rows whose numbers are listed, in that order; a negative number gives null. The others are below `count`, which only debug builds check.
  @unsafe public func gather(_ rows: RowIndexes) -> Column {
    let indexes = unsafe rows.pointer
    let length = rows.count
    assert((0..<length).allSatisfy { unsafe indexes[$0] < count }, "row numbers below \(count)")
    var hasNull = validity != nil
    if !hasNull { for position in 0..<length where unsafe indexes[position] < 0 { hasNull = true; break } }
    let map = hasNull && type != .null ? gatheredValidity(rows) : nil
    let gathered: Storage
    switch storage {
    case .none: gathered = .none
    case .bits(let buffer):
      let source = Bitmap(buffer: buffer, count: count)
      gathered = .bits(
        Bitmap.make(count: length) { word in
          var bits: UInt64 = 0
          for bit in 0..<min(64, length - word * 64) {
            let row = unsafe Int(indexes[word * 64 + bit])
            if unsafe row >= 0 && source[row] { bits |= 1 &<< UInt64(bit) }
          }
          return bits
        }.buffer)
    case .fixed(let buffer):
      switch type.fixedWidthBytes ?? 8 {
      case 1: gathered = .fixed(gatherFixed(buffer, rows, UInt8.self))
      case 2: gathered = .fixed(gatherFixed(buffer, rows, UInt16.self))
      case 4: gathered = .fixed(gatherFixed(buffer, rows, UInt32.self))
      case 16: gathered = .fixed(gatherFixed(buffer, rows, UInt128.self))
      default: gathered = .fixed(gatherFixed(buffer, rows, UInt64.self))
      }
    case .text(let offsets, let bytes): gathered = gatherText(offsets, bytes, rows)
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      let isWide = Column.codeWidth(entryCount: entryCount) == 2
      gathered = .dictionary(
        codes: isWide ? gatherFixed(codes, rows, UInt16.self) : gatherFixed(codes, rows, UInt8.self), entryCount: entryCount,
        offsets: offsets, bytes: bytes)
    case .list(let offsets, let elements):
      let source = unsafe offsets.pointer(to: Int32.self)
      let newOffsets = MutableBuffer(capacity: (length + 1) * 4)
      let taken = MutableBuffer(capacity: length * 4)
      newOffsets.append(Int32(0))
      for position in 0..<length {
        let row = unsafe Int(indexes[position])
        if row >= 0 { for element in unsafe source[row]..<source[row + 1] { taken.append(element) } }
        newOffsets.append(Int32(truncatingIfNeeded: taken.byteCount / 4))
      }
      let picked = RowIndexes(buffer: taken.freeze(), count: taken.byteCount / 4)
      gathered = unsafe .list(offsets: newOffsets.freeze(), elements: elements.gather(picked))
    case .structure(let columns): gathered = .structure(columns.map { unsafe $0.gather(rows) })
    }
    return Column(type: type, count: length, validity: map, storage: gathered)
  }

  private func gatheredValidity(_ rows: RowIndexes) -> Bitmap {
    let indexes = unsafe rows.pointer
    return .make(count: rows.count) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, rows.count - word * 64) {
        let row = unsafe Int(indexes[word * 64 + bit])
        if unsafe row >= 0 && (validity?[row] ?? true) { bits |= 1 &<< UInt64(bit) }
      }
      return bits
    }
  }

  private func gatherFixed<T: BitwiseCopyable & ExpressibleByIntegerLiteral>(_ buffer: Buffer, _ rows: RowIndexes, _: T.Type) -> Buffer {
    // A value for each row is written to what was made for as many; the caller vouches for the numbers.
    let source = unsafe buffer.pointer(to: T.self)
    let indexes = unsafe rows.pointer
    let result = MutableBuffer(capacity: rows.count * MemoryLayout<T>.size)
    let output = unsafe result.pointer(to: T.self)
    for position in 0..<rows.count {
      let row = unsafe Int(indexes[position])
      unsafe output[position] = row >= 0 ? source[row] : 0
    }
    result.byteCount = rows.count * MemoryLayout<T>.size
    return result.freeze()
  }

  private func gatherText(_ offsets: Buffer, _ bytes: Buffer, _ rows: RowIndexes) -> Storage {
    let source = unsafe offsets.pointer(to: Int32.self)
    let indexes = unsafe rows.pointer
    var total = 0
    for position in 0..<rows.count {
      let row = unsafe Int(indexes[position])
      if row >= 0 { unsafe total &+= Int(source[row &+ 1] &- source[row]) }
    }
    precondition(total <= Int(Int32.max), "a text column of a batch stays below 2 GiB")
    let newOffsets = MutableBuffer(capacity: (rows.count + 1) * 4)
    let newBytes = MutableBuffer(capacity: total)
    // The lengths that are copied are those that were added up.
    let output = unsafe newOffsets.pointer(to: Int32.self)
    unsafe output[0] = 0
    var written = 0
    for position in 0..<rows.count {
      let row = unsafe Int(indexes[position])
      if row >= 0 {
        let start = unsafe Int(source[row])
        let length = unsafe Int(source[row &+ 1]) &- start
        unsafe (newBytes.start + written).copyMemory(from: bytes.address + start, byteCount: length)
        written &+= length
      }
      unsafe output[position &+ 1] = Int32(truncatingIfNeeded: written)
    }
    newOffsets.byteCount = (rows.count + 1) * 4
    newBytes.byteCount = written
    return .text(offsets: newOffsets.freeze(), bytes: newBytes.freeze())
  }
}
