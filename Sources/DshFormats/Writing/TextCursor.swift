// A place in a growing text that is written to without looking at the buffer for every byte.
import DshColumns

/// Writes at an address and looks for room only where it is told to.
///
/// While it is in use nobody else touches the buffer; `finish` gives the buffer its new length.
struct TextCursor {
  private let output: MutableBuffer
  private(set) var place: UnsafeMutablePointer<UInt8>
  private var limit: UnsafeMutablePointer<UInt8>

  init(_ output: MutableBuffer) {
    self.output = output
    place = (output.start + output.byteCount).assumingMemoryBound(to: UInt8.self)
    limit = (output.start + output.capacity).assumingMemoryBound(to: UInt8.self)
  }

  /// Makes sure that `count` more bytes fit.
  @inline(__always) mutating func reserve(_ count: Int) {
    if limit - place < count { grow(count) }
  }

  @inline(never) private mutating func grow(_ count: Int) {
    finish()
    output.reserve(count)
    self = TextCursor(output)
  }

  func finish() { output.byteCount = UnsafeRawPointer(place) - UnsafeRawPointer(output.start) }

  // MARK: Within what is reserved

  @inline(__always) mutating func write(_ byte: UInt8) {
    place.pointee = byte
    place += 1
  }

  @inline(__always) mutating func write(_ text: StaticString) {
    place.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
    place += text.utf8CodeUnitCount
  }

  @inline(__always) mutating func write(_ text: UnsafeRawBufferPointer) {
    guard let base = text.baseAddress else { return }
    UnsafeMutableRawPointer(place).copyMemory(from: base, byteCount: text.count)
    place += text.count
  }

  @inline(__always) mutating func advance(_ count: Int) { place += count }
}
