// A column as it lies in a block: its buffers in their order, each made of pieces.

struct ColumnLayout {
  /// As `Column.Storage`, with buffers that may come in pieces.
  enum Storage {
    case none
    case bits([Buffer])
    case fixed([Buffer])
    case text(offsets: [Buffer], bytes: [Buffer])
    case dictionary(codes: [Buffer], entryCount: Int, offsets: [Buffer], bytes: [Buffer])
    indirect case list(offsets: [Buffer], elements: ColumnLayout)
    case structure([ColumnLayout])
  }

  let count: Int
  /// Nil where there is no null.
  let validity: Buffer?
  let storage: Storage

  init(count: Int, validity: Bitmap?, storage: Storage) {
    self.count = count
    self.validity = validity.flatMap { $0.setCount == count ? nil : $0.buffer.slice(from: 0, byteCount: Bitmap.byteCount(for: count)) }
    self.storage = storage
  }

  /// The column with buffers cut to what its rows need, and offsets starting at zero.
  init(_ column: Column) {
    let count = column.count
    let storage: Storage
    switch column.storage {
    case .none: storage = .none
    case .bits(let values): storage = .bits([values.slice(from: 0, byteCount: Bitmap.byteCount(for: count))])
    case .fixed(let values): storage = .fixed([values.slice(from: 0, byteCount: count * (column.type.fixedWidthBytes ?? 8))])
    case .text(let offsets, let bytes):
      let (rebased, range) = Self.rebase(offsets, count: count)
      storage = .text(offsets: [rebased], bytes: [bytes.slice(from: range.lowerBound, byteCount: range.count)])
    case .dictionary(let codes, let entryCount, let offsets, let bytes):
      let (rebased, range) = Self.rebase(offsets, count: entryCount)
      storage = .dictionary(
        codes: [codes.slice(from: 0, byteCount: count * Column.codeWidth(entryCount: entryCount))], entryCount: entryCount,
        offsets: [rebased], bytes: [bytes.slice(from: range.lowerBound, byteCount: range.count)])
    case .list(let offsets, let elements):
      let (rebased, range) = Self.rebase(offsets, count: count)
      storage = .list(offsets: [rebased], elements: ColumnLayout(elements.slice(from: range.lowerBound, count: range.count)))
    case .structure(let columns): storage = .structure(columns.map(ColumnLayout.init))
    }
    self.init(count: count, validity: column.validity, storage: storage)
  }

  /// Offsets that start at zero, and the range they covered.
  private static func rebase(_ offsets: Buffer, count: Int) -> (Buffer, Range<Int>) {
    // There is one offset more than rows or entries.
    let source = unsafe offsets.pointer(to: Int32.self)
    let first = unsafe source[0]
    let range = unsafe Int(first)..<Int(source[count])
    if first == 0 { return (offsets.slice(from: 0, byteCount: (count + 1) * 4), range) }
    let result = MutableBuffer(capacity: (count + 1) * 4)
    let output = unsafe result.pointer(to: Int32.self)
    for index in 0...count { unsafe output[index] = source[index] &- first }
    result.byteCount = (count + 1) * 4
    return (result.freeze(), range)
  }
}
