// The bytes of one column of a row group, a piece at a time.
import DshColumns
import DshDiagnostics

/// Gives bytes of a range of the file; reads more at once than is asked for, as pages are mostly wanted one after another.
final class ParquetWindow {
  private let source: ByteSource
  private let place: ParquetPlace
  /// The range in the file.
  let range: Range<Int>
  private let buffer = MutableBuffer(capacity: 0)
  /// Where in the file the bytes of the buffer begin.
  private var start: Int
  /// The bytes read so far.
  private(set) var bytesRead = 0

  /// One reading of the file.
  static let pieceBytes = 256 << 10

  init(_ source: ByteSource, _ range: Range<Int>, _ place: ParquetPlace) {
    self.source = source
    self.range = range
    self.place = place
    start = range.lowerBound
  }

  /// Bytes from a place of the file on, valid until the next call. They lie in the range.
  func bytes(at offset: Int, count: Int) throws -> UnsafeRawBufferPointer {
    precondition(offset >= range.lowerBound && count >= 0 && count <= range.upperBound - offset, "bytes of the column")
    if offset < start || offset + count > start + buffer.byteCount { try load(offset, count) }
    return UnsafeRawBufferPointer(start: buffer.start + (offset - start), count: count)
  }

  private func load(_ offset: Int, _ count: Int) throws {
    let kept = offset >= start && offset < start + buffer.byteCount ? start + buffer.byteCount - offset : 0
    if kept > 0 { memmoveBytes(buffer.start, buffer.start + (offset - start), kept) }
    let wanted = min(max(count, Self.pieceBytes), range.upperBound - offset)
    buffer.byteCount = kept
    start = offset
    buffer.reserve(wanted - kept)
    let got = try source.read(into: buffer.start + kept, at: offset + kept, count: wanted - kept)
    bytesRead += got
    buffer.byteCount = kept + got
    guard buffer.byteCount >= count else { throw place.damaged("it is cut short") }
  }

  private func memmoveBytes(_ target: UnsafeMutableRawPointer, _ source: UnsafeMutableRawPointer, _ count: Int) {
    target.copyMemory(from: source, byteCount: count)
  }
}
