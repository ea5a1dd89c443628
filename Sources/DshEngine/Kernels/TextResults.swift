// Builds text columns row by row and keeps them within the size a batch may have.

import DshColumns
import DshDiagnostics

/// The text column a kernel is making.
struct TextOutput {
  let offsets: MutableBuffer
  let bytes: MutableBuffer
  private(set) var count = 0

  init(rowCount: Int, byteCount: Int = 0) {
    offsets = MutableBuffer(capacity: (rowCount &+ 1) &* 4)
    bytes = MutableBuffer(capacity: max(byteCount, rowCount &* 8))
    offsets.append(Int32(0))
  }

  /// The most text one batch of a column may hold: offsets are 32-bit, and a batch must fit the memory of a small machine.
  static let byteLimit = 1 << 30

  /// The most bytes one value made by a function can have; above it a text is a mistake rather than data.
  static let valueByteLimit = 64 << 20

  @inline(__always) func append(_ text: TextSlice) {
    if let base = text.baseAddress { bytes.append(UnsafeRawPointer(base), byteCount: text.count) }
  }

  @inline(__always) func append(_ byte: UInt8) { bytes.append(byte) }

  /// Ends the value of the next row.
  @inline(__always) mutating func endRow() {
    offsets.append(Int32(truncatingIfNeeded: bytes.byteCount))
    count &+= 1
  }

  /// Forgets the values from an earlier point on.
  mutating func rewind(toCount count: Int, byteCount: Int) {
    self.count = count
    bytes.byteCount = byteCount
    offsets.byteCount = (count &+ 1) &* 4
  }

  func finish(_ type: DataType, validity: Bitmap? = nil) -> Column {
    Column(type: type, count: count, validity: validity, storage: .text(offsets: offsets.freeze(), bytes: bytes.freeze()))
  }
}

extension Call {
  /// A text per row; the step appends the row's bytes to the output. Null rows are empty and not asked for.
  @inline(__always) func texts(byteCount: Int = 0, _ step: (Int, inout TextOutput) -> Void) -> Column {
    var output = TextOutput(rowCount: rowCount, byteCount: byteCount)
    for row in 0..<rowCount {
      let before = output.bytes.byteCount
      if isValid(row) { step(row, &output) }
      if output.bytes.byteCount > TextOutput.byteLimit { discardTooLong(row, &output, before) }
      output.endRow()
    }
    return output.finish(type)
  }

  /// A text per row, or null where the step gives false.
  @inline(__always) func optionalTexts(_ step: (Int, inout TextOutput) -> Bool) -> Column {
    var output = TextOutput(rowCount: rowCount)
    let valid = Bitmap.make(count: rowCount) { word in
      var bits: UInt64 = 0
      for bit in 0..<min(64, rowCount &- word &* 64) {
        let row = word &* 64 &+ bit
        let before = output.bytes.byteCount
        let hasValue = isValid(row) && step(row, &output)
        if output.bytes.byteCount > TextOutput.byteLimit { discardTooLong(row, &output, before) }
        output.endRow()
        bits |= (hasValue ? 1 : 0) &<< UInt64(bit)
      }
      return bits
    }
    return output.finish(type, validity: valid)
  }

  @inline(never) private func discardTooLong(_ row: Int, _ output: inout TextOutput, _ before: Int) {
    output.bytes.byteCount = before
    fail(row, .batchTextTooLong)
  }

  /// Whether a value of that many bytes may be made; notes the error otherwise.
  func mayMake(byteCount: Int, row: Int) -> Bool {
    if byteCount <= TextOutput.valueByteLimit { return true }
    fail(row, .textTooLong(TextOutput.valueByteLimit))
    return false
  }
}

extension Diagnostic {
  static func textTooLong(_ limit: Int) -> Diagnostic {
    Diagnostic(.textTooLong, "a text would be longer than \(limit >> 20) MiB")
  }

  static var batchTextTooLong: Diagnostic {
    Diagnostic(.textTooLong, "the texts of a few thousand rows would take more than \(TextOutput.byteLimit >> 20) MiB together")
  }
}
