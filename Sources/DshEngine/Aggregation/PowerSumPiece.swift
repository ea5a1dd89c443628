// What exact sums of powers are taken apart into to travel: words with an exponent.

import CDshKernels
import DshColumns

/// A summand of the sum of a monomial: up to 8 words in two's complement, the least first, times 2^exponent.
struct PowerSumPiece {
  let monomial: Int
  let exponent: Int
  private let words: ArraySlice<Int64>

  /// In the place of a piece: a value of the group was not finite.
  static let unbounded: Int64 = -1
  /// What a sum of most data takes in a state.
  static let typicalWordCount = 8
  /// The exponents of four doubles, and of the words of their sums, lie far between.
  private static let exponentLimits: ClosedRange<Int64> = -8192...8192

  private init(_ monomial: Int, exponent: Int, _ words: ArraySlice<Int64>) {
    self.monomial = monomial
    self.exponent = exponent
    self.words = words
  }

  /// A sum without the words that its sign makes up for; nil if it is zero.
  init?(_ monomial: Int, _ sum: dsh_wide_sum) {
    if sum.has_base == 0 { return nil }
    let parts = sum.words
    let all = [parts.0, parts.1, parts.2, parts.3, parts.4, parts.5, parts.6, parts.7].map { Int64(bitPattern: $0) }
    let start = all.prefix { $0 == 0 }.count
    if start == all.count { return nil }
    var words = all[start...]
    while let last = words.last, words.count > 1, last == words[words.endIndex - 2] >> 63 { words.removeLast() }
    self.init(monomial, exponent: (Int(sum.base) + start) * 64, words)
  }

  /// One word.
  init(_ monomial: Int, _ word: Int64, exponent: Int) { self.init(monomial, exponent: exponent, [word]) }

  /// Reads a piece off the beginning of a state; nil if there is none that an accumulator would write.
  init?(readingFrom state: inout Slice<UnsafeBufferPointer<Int64>>) {
    let header = state.prefix(3)
    guard header.count == 3, let monomial = Int(exactly: header[header.startIndex]), monomial >= 0 else { return nil }
    let exponent = header[header.startIndex + 1]
    let wordCount = header[header.startIndex + 2]
    guard Self.exponentLimits.contains(exponent), (1...Int64(DSH_WIDE_WORDS)).contains(wordCount), state.count >= 3 + Int(wordCount)
    else { return nil }
    self.init(monomial, exponent: Int(exponent), Array(state.dropFirst(3).prefix(Int(wordCount)))[...])
    state = state.dropFirst(3 + Int(wordCount))
  }

  func write(to builder: ColumnBuilder) {
    builder.append(int64: Int64(monomial))
    builder.append(int64: Int64(exponent))
    builder.append(int64: Int64(words.count))
    for word in words { builder.append(int64: word) }
  }

  /// Whether it is below zero, and its words without the sign.
  var magnitude: (isNegative: Bool, words: [UInt64]) {
    let bits = words.map { UInt64(bitPattern: $0) }
    guard let last = words.last, last < 0 else { return (false, bits) }
    var carry = true
    return (
      true,
      bits.map { word in
        let (negated, isCarried) = (~word).addingReportingOverflow(carry ? 1 : 0)
        carry = isCarried
        return negated
      }
    )
  }
}

extension ExactNumber {
  /// The number as words of its own, each with an exponent.
  func pieces(_ monomial: Int) -> [PowerSumPiece] {
    settledDigits.map { PowerSumPiece(monomial, $0.digit, exponent: $0.exponent) }
  }
}
