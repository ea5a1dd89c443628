// Turns lines whose cells have fixed widths into lines whose cells are separated, so that one reader finds out types and headers of both.
import DshDiagnostics
import DshSystem

/// Lines of cells of fixed widths, cut anywhere, on their way to cells with a separator between them.
///
/// A width counts characters (Unicode scalars; bytes where an encoding has one for each). Blanks around a cell are left out, and so is what stands behind the last one; a line
/// that ends early has empty cells. An empty line stays empty.
public struct FixedWidthDecoder: Sendable {
  /// What stands between two cells: the unit separator, which no text of columns holds.
  public static let separator = "\u{1F}"
  private static let separatorByte: UInt8 = 0x1F

  private let widths: [Int]
  private let countsBytes: Bool
  /// The beginning of a line whose end has not come.
  private var held: [UInt8] = []
  private var isAtStart = true

  /// - Parameter countsBytes: whether each byte is a character, as in encodings other than UTF-8.
  public init(widths: [Int], countsBytes: Bool) {
    self.widths = widths
    self.countsBytes = countsBytes
  }

  /// What the bytes are with separators; lines that have not ended wait for their end.
  mutating func decode(_ bytes: UnsafeRawBufferPointer, isEnd: Bool) throws(Diagnostic) -> [UInt8] {
    let input = held + bytes
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    if isAtStart, input.count < mark.count, !isEnd {
      held = input
      return []
    }
    var output: [UInt8] = []
    output.reserveCapacity(input.count + input.count / 4)
    var position = isAtStart && input.starts(with: mark) ? mark.count : 0
    isAtStart = false
    input.withUnsafeBufferPointer { input in
      while let end = input[position...].firstIndex(of: UInt8(ascii: "\n")) {
        append(input[position..<end], to: &output)
        output.append(UInt8(ascii: "\n"))
        position = end + 1
      }
      if isEnd, position < input.count {
        append(input[position...], to: &output)
        position = input.count
      }
    }
    held = Array(input[position...])
    return output
  }

  private func append(_ typed: Slice<UnsafeBufferPointer<UInt8>>, to output: inout [UInt8]) {
    var line = typed
    if line.last == UInt8(ascii: "\r") { line = line.dropLast() }
    if line.isEmpty { return }
    for (index, width) in widths.enumerated() {
      let cell = line.prefix(byteCount(of: width, in: line))
      line = line.dropFirst(cell.count)
      if index > 0 { output.append(Self.separatorByte) }
      output += trimmed(cell)
    }
  }

  /// The bytes of so many characters.
  private func byteCount(of width: Int, in line: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
    if countsBytes { return min(width, line.count) }
    var left = width
    for (index, byte) in line.enumerated() where byte & 0xC0 != 0x80 {
      if left == 0 { return index }
      left -= 1
    }
    return line.count
  }

  private func trimmed(_ cell: Slice<UnsafeBufferPointer<UInt8>>) -> Slice<UnsafeBufferPointer<UInt8>> {
    let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    let begun = cell.drop(while: isBlank)
    return begun.lastIndex { !isBlank($0) }.map { begun[...$0] } ?? begun.prefix(0)
  }
}
