// Finds out what ends the lines of a CSV file.
import Glibc

/// The line ends of a sample that stand outside quotes and comments.
struct CSVLineEnds {
  /// Line feeds, with a carriage return before them or not.
  private(set) var feeds = 0
  /// Carriage returns that no line feed follows.
  private(set) var returns = 0

  init(_ sample: ArraySlice<UInt8>, quote: UInt8?, comment: UInt8?) {
    guard sample.holds(UInt8(ascii: "\r")) else {
      feeds = 1
      return
    }
    var isQuoted = false
    var isComment = false
    var startsLine = true
    var isBehindReturn = false
    for byte in sample {
      if isBehindReturn && byte != UInt8(ascii: "\n") {
        returns += 1
        startsLine = true
      }
      if startsLine { isComment = byte == comment }
      startsLine = false
      // A doubled quote ends and begins again.
      if byte == quote && !isComment { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n") && !isQuoted {
        feeds += 1
        startsLine = true
      }
      isBehindReturn = byte == UInt8(ascii: "\r") && !isQuoted
    }
    if isBehindReturn { returns += 1 }
  }

  /// Whether most lines end in carriage returns.
  var areMostlyReturns: Bool { returns > feeds }
  /// Whether there are both, without more returns than feeds: then the table tells whether the returns are part of its texts.
  var areMixed: Bool { returns > 0 && feeds >= returns }
}

extension ArraySlice<UInt8> {
  /// Whether a byte is among these, told as fast as memory is read.
  func holds(_ byte: UInt8) -> Bool {
    withUnsafeBytes { bytes in bytes.baseAddress.map { memchr($0, Int32(byte), bytes.count) != nil } ?? false }
  }
}
