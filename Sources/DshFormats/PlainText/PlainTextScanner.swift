// Reads one split of a text line by line.
import CDshKernels
import DshColumns
import DshDiagnostics
import Glibc

/// The reader of one split. A line belongs to the split in which its first byte lies.
final class PlainTextScanner: FormatReader {
  let start: Int
  private(set) var scanned = ScanProgress(rows: 0, bytes: 0)

  private let scan: FileScan
  private let encoding: TextEncoding
  private let source: ByteSource
  private let predicate: (any ScanPredicate)?
  private let batchRows: Int
  private var window: TextWindow
  /// Where the next line begins, in the file.
  private var position: Int { window.position }

  /// A line longer than this is no line of a text.
  static let lineLimitBytes = 64 << 20
  /// A batch holds no more text than this, however many rows are wanted.
  private static let batchBytes = 8 << 20

  /// Opens a split; throws what reading can throw.
  init(_ scan: FileScan, layout: PlainTextLayout, source: ByteSource, predicate: (any ScanPredicate)?, batchRows: Int) throws {
    self.scan = scan
    encoding = layout.encoding
    self.source = source
    self.predicate = predicate
    self.batchRows = batchRows
    let lower = max(scan.bytes.lowerBound, layout.dataStart)
    // The line feed before the split says that its first byte begins a line.
    window = TextWindow(source, at: lower > layout.dataStart ? lower - 1 : lower)
    if lower > layout.dataStart { _ = try window.takeLine() }
    start = window.position
  }

  func next() throws -> Batch? {
    while position < scan.bytes.upperBound {
      let wantsText = !scan.wanted.isEmpty || predicate != nil
      let (rows, text) = wantsText ? try takeLines() : (try countLines(), nil)
      if rows == 0 { break }
      scanned = ScanProgress(rows: scanned.rows + rows, bytes: position - start)
      var batch = Batch(schema: PlainTextReading.schema, columns: [text ?? .repeating(.null, type: .string, count: rows)], rowCount: rows)
      if let selection = try predicate?.select(batch) { batch = batch.filter(selection) }
      if batch.rowCount > 0 {
        return Batch(schema: scan.outputSchema, columns: scan.wanted.map { _ in batch.columns[0] }, rowCount: batch.rowCount)
      }
    }
    return nil
  }

  func finish() -> ScanFindings { ScanFindings(scanned: scanned, range: start..<max(start, position)) }

  /// The next lines of the split that fit into a batch.
  private func takeLines() throws -> (rows: Int, text: Column) {
    let offsets = MutableBuffer(capacity: (batchRows + 1) * 4)
    let bytes = MutableBuffer(capacity: 1 << 16)
    offsets.append(Int32(0))
    var rows = 0
    while rows < batchRows, bytes.byteCount < Self.batchBytes, position < scan.bytes.upperBound {
      let lineStart = position
      guard let line = try window.takeLine() else { break }
      if encoding == .utf8 {
        guard let base = line.baseAddress else { break }
        // The kernel looks at a whole line at once, most of which are plain.
        let invalid = Int(dsh_utf8_first_invalid(base.assumingMemoryBound(to: UInt8.self), Int64(line.count)))
        if invalid >= 0 { throw PlainTextErrors.notUTF8(source, at: lineStart + invalid) }
        bytes.append(base, byteCount: line.count)
      } else {
        encoding.append(line, to: bytes)
      }
      rows += 1
      offsets.append(Int32(bytes.byteCount))
    }
    return (rows, Column(type: .string, count: rows, validity: nil, storage: .text(offsets: offsets.freeze(), bytes: bytes.freeze())))
  }

  private func countLines() throws -> Int {
    var rows = 0
    while rows < batchRows, position < scan.bytes.upperBound, try window.takeLine() != nil { rows += 1 }
    return rows
  }
}

/// A piece of the file that moves on line by line.
private struct TextWindow {
  private let source: ByteSource
  private var buffer: MutableBuffer
  /// Where the buffer's first byte lies in the file, and the next line in the buffer.
  private var bufferStart: Int
  private var cursor = 0

  private static let windowBytes = 1 << 18

  init(_ source: ByteSource, at offset: Int) {
    self.source = source
    bufferStart = offset
    buffer = MutableBuffer(capacity: Self.windowBytes)
  }

  /// Where the next line begins in the file.
  var position: Int { bufferStart + cursor }

  /// The next line without its end, valid until the next call; nil at the end of the file.
  mutating func takeLine() throws -> UnsafeRawBufferPointer? {
    var searched = cursor
    while true {
      // Both are within the bytes that were read.
      let found = memchr(buffer.start + searched, Int32(UInt8(ascii: "\n")), buffer.byteCount - searched)
      if let found {
        let end = UnsafeRawPointer(found) - UnsafeRawPointer(buffer.start)
        defer { cursor = end + 1 }
        return line(upTo: end)
      }
      let length = buffer.byteCount - cursor
      if length > PlainTextScanner.lineLimitBytes {
        throw PlainTextErrors.lineTooLong(source, at: position, limitBytes: PlainTextScanner.lineLimitBytes)
      }
      searched = length
      if try !readOn() {
        guard length > 0 else { return nil }
        defer { cursor = buffer.byteCount }
        return line(upTo: buffer.byteCount)
      }
    }
  }

  private func line(upTo end: Int) -> UnsafeRawBufferPointer {
    let bytes = UnsafeRawBufferPointer(start: buffer.start + cursor, count: end - cursor)
    return bytes.last == UInt8(ascii: "\r") ? UnsafeRawBufferPointer(rebasing: bytes.dropLast()) : bytes
  }

  /// Drops the lines that were taken, and reads on behind the rest; false at the end of the file.
  private mutating func readOn() throws -> Bool {
    let rest = buffer.byteCount - cursor
    let more = max(Self.windowBytes, rest)
    let next = MutableBuffer(capacity: rest + more)
    next.append(buffer.start + cursor, byteCount: rest)
    bufferStart += cursor
    cursor = 0
    let count = try source.read(into: next.start + rest, at: bufferStart + rest, count: more)
    next.byteCount += count
    buffer = next
    return count > 0
  }
}

extension TextEncoding {
  /// Appends text that has a byte for each character as UTF-8.
  func append(_ text: UnsafeRawBufferPointer, to output: MutableBuffer) {
    for byte in text {
      let character = self == .windows1252 ? dsh_windows_1252_character(byte) : UInt32(byte)
      switch character {
      case 0..<0x80: output.append(UInt8(character))
      case 0x80..<0x800:
        output.append(UInt8(0xC0 | character >> 6))
        output.append(UInt8(0x80 | character & 0x3F))
      default:
        output.append(UInt8(0xE0 | character >> 12))
        output.append(UInt8(0x80 | character >> 6 & 0x3F))
        output.append(UInt8(0x80 | character & 0x3F))
      }
    }
  }
}
