// One column's cells as terminal-safe text with their widths, made once and laid out afterwards.

import DshColumns
import DshDiagnostics

/// The text of every cell of a column.
struct RenderedColumn {
  let name: String
  let typeName: String
  /// Numbers stand right, everything else left.
  let alignsRight: Bool
  private let text = MutableBuffer(capacity: 1 << 10)
  private var ends: [Int] = []
  private(set) var widths: [Int32] = []
  private let column: Column

  init(_ field: Field, _ column: Column, digits: Int?) {
    name = escapingControls(field.name)
    typeName = field.type.shortName
    alignsRight = field.type.isNumeric
    self.column = column
    let fractions =
      field.type == .float64 || field.type == .narrow(.float32) ? FloatDigits(significant: digits ?? FloatDigits.automatic) : nil
    ends.reserveCapacity(column.count)
    widths.reserveCapacity(column.count)
    for row in 0..<column.count {
      let start = text.byteCount
      if column.isValid(row) { CellText.append(column, row: row, to: text) } else { CellText.append("null", to: text) }
      if let fractions, column.isValid(row), let short = fractions.shortened(bytes(from: start, to: text.byteCount)) {
        text.byteCount = start
        short.withUnsafeBytes { if let start = $0.baseAddress { text.append(start, byteCount: $0.count) } }
      }
      widths.append(Int32(clamping: makeSafe(from: start)))
      ends.append(text.byteCount)
    }
  }

  /// Escapes what was appended from an offset on, where needed; its width in cells.
  private func makeSafe(from start: Int) -> Int {
    let added = bytes(from: start, to: text.byteCount)
    if added.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return added.count }
    let safe = escapingControls(String(decoding: added, as: UTF8.self))
    text.byteCount = start
    CellText.append(safe, to: text)
    return displayWidth(safe)
  }

  private func bytes(from start: Int, to end: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: text.start + start, count: end - start)
  }

  func isNull(_ row: Int) -> Bool { !column.isValid(row) }

  /// The bytes of a cell, valid while the column lives.
  func bytes(at row: Int) -> UnsafeRawBufferPointer { bytes(from: row == 0 ? 0 : ends[row - 1], to: ends[row]) }

  func string(at row: Int) -> String { String(decoding: bytes(at: row), as: UTF8.self) }

  /// What the column asks for in a table with a header and a row of types.
  var demand: ColumnDemand {
    let widest = Int(widths.max() ?? 0)
    return ColumnDemand(natural: max(displayWidth(name), displayWidth(typeName), widest, 1), minimum: alignsRight ? widest : 0)
  }

  /// The most bytes that a cell takes in a line: its text, padding, frame and colour.
  func byteLimit(_ row: Int, width: Int) -> Int { bytes(at: row).count + width + 24 }

  /// Writes a cell in exactly `width` terminal cells, cut or padded, between blanks; where it ends.
  ///
  /// There must be room for `byteLimit` bytes.
  func write(_ row: Int, width: Int, dim: Bool, bar: String, to start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
    let own = Int(widths[row])
    var end = writeBlanks(1, to: start)
    if own > width {
      // The ellipsis takes no more bytes than what it stands for, but for one cell of ASCII: that is what the limit allows for.
      var shown = cut(string(at: row), to: width)
      let blanks = width - displayWidth(shown)
      if alignsRight { end = writeBlanks(blanks, to: end) }
      end = shown.withUTF8 { writeBytes(UnsafeRawBufferPointer($0), to: end) }
      if !alignsRight { end = writeBlanks(blanks, to: end) }
    } else {
      if alignsRight { end = writeBlanks(width - own, to: end) }
      if dim { end = writeText("\u{1B}[2m", to: end) }
      end = writeBytes(bytes(at: row), to: end)
      if dim { end = writeText("\u{1B}[0m", to: end) }
      if !alignsRight { end = writeBlanks(width - own, to: end) }
    }
    return writeString(bar, to: writeBlanks(1, to: end))
  }

  /// Appends a header or a mark in the column's alignment.
  func append(_ label: String, width: Int, dim: Bool = false, to output: MutableBuffer) {
    let shown = cut(label, to: width)
    let blanks = width - displayWidth(shown)
    if alignsRight { output.appendBlanks(blanks) }
    CellText.append(dim ? Style.dim.applied(to: shown) : shown, to: output)
    if !alignsRight { output.appendBlanks(blanks) }
  }
}

extension MutableBuffer {
  /// Appends blanks; none for a count below one.
  func appendBlanks(_ count: Int) {
    guard count > 0 else { return }
    reserve(count)
    (start + byteCount).initializeMemory(as: UInt8.self, repeating: UInt8(ascii: " "), count: count)
    byteCount += count
  }
}

func writeBlanks(_ count: Int, to start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
  guard count > 0 else { return start }
  start.initializeMemory(as: UInt8.self, repeating: UInt8(ascii: " "), count: count)
  return start + count
}

func writeBytes(_ bytes: UnsafeRawBufferPointer, to start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
  guard let base = bytes.baseAddress else { return start }
  start.copyMemory(from: base, byteCount: bytes.count)
  return start + bytes.count
}

func writeString(_ text: String, to start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
  var text = text
  return text.withUTF8 { writeBytes(UnsafeRawBufferPointer($0), to: start) }
}

func writeText(_ text: StaticString, to start: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
  start.copyMemory(from: text.utf8Start, byteCount: text.utf8CodeUnitCount)
  return start + text.utf8CodeUnitCount
}
