// The search for one text in all texts of a column, in one go where they lie together.

import CDshKernels
import DshColumns

extension Call {
  /// The rows whose text holds that of the second argument.
  func rowsContaining() -> Bitmap {
    let texts = TextArgument(arguments[0])
    let needles = TextArgument(arguments[1])
    if arguments[1].isConstant, rowCount > 0, let rows = rows(containing: needles[0]) { return rows }
    return rows { texts[$0].contains(needles[$0]) }
  }

  /// The rows whose first argument holds one of some texts; nil if they do not lie together.
  func rows(containingAnyOf needles: [String]) -> Bitmap? {
    var found: Bitmap?
    for var needle in needles {
      guard let rows = needle.withUTF8({ rows(containing: $0) }) else { return nil }
      found = found?.union(rows) ?? rows
    }
    return found
  }

  /// The rows whose first argument holds a text; nil if they do not lie together.
  private func rows(containing needle: TextSlice) -> Bitmap? {
    guard !arguments[0].isConstant, case .text(let offsets, let bytes) = arguments[0].column.storage, let first = needle.baseAddress else {
      return nil
    }
    let words = MutableBuffer(capacity: (rowCount + 63) / 64 * 8)
    words.appendZeros((rowCount + 63) / 64 * 8)
    let found = dsh_find_in_texts(
      bytes.pointer(to: UInt8.self), offsets.pointer(to: Int32.self), rowCount, first, needle.count, words.pointer(to: UInt64.self))
    return found != 0 ? Bitmap(buffer: words.freeze(), count: rowCount) : nil
  }
}
