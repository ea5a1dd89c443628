// Finds out what ends the lines of a CSV file.

/// The line ends of a sample that stand outside double quotes.
struct CSVLineEnds {
  /// Line feeds, with a carriage return before them or not.
  private(set) var feeds = 0
  /// Carriage returns that no line feed follows.
  private(set) var returns = 0

  init(_ sample: ArraySlice<UInt8>, quote: UInt8?) {
    guard sample.contains(UInt8(ascii: "\r")) else {
      feeds = 1
      return
    }
    var isQuoted = false
    var before: UInt8 = 0
    for byte in sample {
      // A doubled quote ends and begins again.
      if byte == quote { isQuoted.toggle() }
      if !isQuoted {
        if byte == UInt8(ascii: "\n") { feeds += 1 }
        if before == UInt8(ascii: "\r") && byte != UInt8(ascii: "\n") { returns += 1 }
      }
      before = byte
    }
    if before == UInt8(ascii: "\r") { returns += 1 }
  }

  /// The end of most lines: carriage returns only if there are more of them.
  var newline: UInt8 { returns > feeds ? UInt8(ascii: "\r") : UInt8(ascii: "\n") }
}
