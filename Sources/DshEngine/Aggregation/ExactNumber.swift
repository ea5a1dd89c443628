// Whole multiples of powers of two of any size: what sums of doubles are, to the last digit.

/// A sum of doubles, or of their squares, with every digit.
///
/// Kept as digits to the base 2³². Digits take in many additions before their carries are passed on, and only the stretch between
/// the least and the greatest digit met is kept: a few digits for most data.
struct ExactNumber {
  /// The digit `digits[i]` counts 2^(32 · (lowest + i)). Between additions they may be negative or larger than a digit.
  private var lowest = 0
  private var digits: [Int64] = []
  /// Additions since carries were last passed on; each changes a digit by less than 2³³.
  private var pendingAdditions = 0

  private static let digitBits = 32
  private static let pendingLimit = 1 << 28

  init() {}

  var isZero: Bool {
    var copy = self
    copy.passCarries()
    return copy.digits.isEmpty
  }

  /// The memory held, in bytes.
  var sizeBytes: Int { MemoryLayout<Self>.size + digits.capacity * 8 }

  // MARK: Adding

  /// Adds a finite double times 2^scale.
  mutating func add(_ value: Double, scale: Int = 0) {
    precondition(value.isFinite, "an exact number is finite")
    let (significand, exponent) = value.wholeSignificand
    add((high: 0, low: significand), exponent: exponent + scale, isNegative: value.sign == .minus)
  }

  /// Takes away the nearest finite double times 2^scale and gives it; zero once nothing is left that such a double can hold.
  mutating func takeNearest(scale: Int = 0) -> Double {
    var scaled = self
    scaled.passCarries()
    scaled.lowest -= scale >> 5
    let rounded = scaled.rounded
    let value = rounded.isFinite ? rounded : Double(signOf: rounded, magnitudeOf: .greatestFiniteMagnitude)
    add(-value, scale: scale)
    return value
  }

  /// Adds the square of a finite double.
  mutating func addSquare(of value: Double) {
    precondition(value.isFinite, "an exact number is finite")
    let (significand, exponent) = value.wholeSignificand
    add(significand.multipliedFullWidth(by: significand), exponent: exponent * 2, isNegative: false)
  }

  mutating func add(_ count: Int64) { add((high: 0, low: count.magnitude), exponent: 0, isNegative: count < 0) }

  /// Adds ±magnitude · 2^exponent.
  mutating func add(_ magnitude: (high: UInt64, low: UInt64), exponent: Int, isNegative: Bool) {
    guard magnitude.high != 0 || magnitude.low != 0 else { return }
    let position = exponent >> 5
    let shift = UInt64(exponent & 31)
    makeRoom(for: position..<position + 5)
    let mask: UInt64 = 0xFFFF_FFFF
    let words = [magnitude.low & mask, magnitude.low >> 32, magnitude.high & mask, magnitude.high >> 32]
    for (index, word) in words.enumerated() where word != 0 {
      let shifted = word << shift
      let place = position - lowest + index
      digits[place] += isNegative ? -Int64(shifted & mask) : Int64(shifted & mask)
      digits[place + 1] += isNegative ? -Int64(shifted >> 32) : Int64(shifted >> 32)
    }
    pendingAdditions += 1
    if pendingAdditions >= Self.pendingLimit { passCarries() }
  }

  mutating func add(_ other: ExactNumber) {
    var other = other
    other.passCarries()
    if other.digits.isEmpty { return }
    makeRoom(for: other.lowest..<other.lowest + other.digits.count)
    for (index, digit) in other.digits.enumerated() { digits[other.lowest - lowest + index] += digit }
    pendingAdditions += 1
    if pendingAdditions >= Self.pendingLimit { passCarries() }
  }

  private mutating func makeRoom(for range: Range<Int>) {
    if digits.isEmpty { lowest = range.lowerBound }
    if range.lowerBound < lowest {
      digits.insert(contentsOf: repeatElement(0, count: lowest - range.lowerBound), at: 0)
      lowest = range.lowerBound
    }
    let missing = range.upperBound - lowest - digits.count
    if missing > 0 { digits.append(contentsOf: repeatElement(0, count: missing)) }
  }

  /// Brings all digits but the last between 0 and 2³², and drops zeros at both ends; the last one bears the sign.
  private mutating func passCarries() {
    var carry: Int64 = 0
    for index in digits.indices {
      let digit = digits[index] + carry
      carry = digit >> 32
      digits[index] = digit & 0xFFFF_FFFF
    }
    if carry != 0 { digits.append(carry) }
    while digits.last == 0 { digits.removeLast() }
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    lowest += zeros
    pendingAdditions = 0
  }

  // MARK: Results

  /// The digits that are not zero, each with the power of two that it counts; the last bears the sign.
  var settledDigits: [(digit: Int64, exponent: Int)] {
    var copy = self
    copy.passCarries()
    return copy.digits.enumerated().compactMap { $1 == 0 ? nil : ($1, (copy.lowest + $0) * Self.digitBits) }
  }

  /// The nearest double when divided by 2^scale, and that scale, a multiple of 64: near 1, or zero.
  var scaled: (value: Double, scale: Int) {
    var copy = self
    let scale = scale
    return (copy.takeNearest(scale: scale), scale)
  }

  /// Whether it is negative, and its digits without the sign, each below 2³², the last not zero.
  private var signAndMagnitude: (isNegative: Bool, magnitude: ExactNumber) {
    var copy = self
    copy.passCarries()
    guard let last = copy.digits.last, last < 0 else { return (false, copy) }
    for index in copy.digits.indices { copy.digits[index].negate() }
    copy.passCarries()
    return (true, copy)
  }

  /// The nearest double, ties to even; infinite beyond the greatest.
  var rounded: Double {
    let (isNegative, magnitude) = signAndMagnitude
    guard let last = magnitude.digits.last else { return 0 }
    let top = (magnitude.lowest + magnitude.digits.count) * Self.digitBits - 1 - UInt32(truncatingIfNeeded: last).leadingZeroBitCount
    if top > Double.greatestFiniteMagnitude.exponent { return isNegative ? -.infinity : .infinity }
    // The exponent of the last binary digit that a double of this size has.
    let end = max(Int(top) - Double.significandBitCount, Double.leastNonzeroMagnitude.exponent)
    var significand: UInt64 = 0
    for bit in stride(from: Int(top), through: end, by: -1) { significand = significand << 1 | (magnitude.hasBit(bit) ? 1 : 0) }
    if magnitude.hasBit(end - 1), significand & 1 != 0 || magnitude.hasBits(below: end - 1) { significand += 1 }
    let value = Double(sign: .plus, exponent: end, significand: Double(significand))
    return isNegative ? -value : value
  }

  private func hasBit(_ exponent: Int) -> Bool {
    let place = (exponent >> 5) - lowest
    return digits.indices.contains(place) && digits[place] >> Int64(exponent & 31) & 1 != 0
  }

  private func hasBits(below exponent: Int) -> Bool {
    let place = (exponent >> 5) - lowest
    if place < 0 { return false }
    if digits.prefix(place).contains(where: { $0 != 0 }) { return true }
    return digits.indices.contains(place) && digits[place] & ((1 << Int64(exponent & 31)) - 1) != 0
  }

  /// An exponent, a multiple of 64, by which the number is divided to come near 1, where no double is too small or too large for it.
  var scale: Int {
    let magnitude = signAndMagnitude.magnitude
    return ((magnitude.lowest + magnitude.digits.count) & ~1) * Self.digitBits
  }

  static func * (a: ExactNumber, b: Int64) -> ExactNumber {
    var number = ExactNumber()
    number.add(b)
    return a * number
  }

  static func + (a: ExactNumber, b: ExactNumber) -> ExactNumber {
    var sum = a
    sum.add(b)
    return sum
  }

  static func - (a: ExactNumber, b: ExactNumber) -> ExactNumber {
    var difference = b
    difference.negate()
    difference.add(a)
    return difference
  }

  static func * (a: ExactNumber, b: ExactNumber) -> ExactNumber {
    let (isNegativeA, left) = a.signAndMagnitude
    let (isNegativeB, right) = b.signAndMagnitude
    var product = ExactNumber()
    if left.digits.isEmpty || right.digits.isEmpty { return product }
    product.lowest = left.lowest + right.lowest
    product.digits = Array(repeating: 0, count: left.digits.count + right.digits.count)
    for (i, digit) in left.digits.enumerated() {
      var carry: UInt64 = 0
      for (j, other) in right.digits.enumerated() {
        let sum = UInt64(digit) * UInt64(other) + UInt64(product.digits[i + j]) + carry
        product.digits[i + j] = Int64(sum & 0xFFFF_FFFF)
        carry = sum >> 32
      }
      product.digits[i + right.digits.count] = Int64(carry)
    }
    if isNegativeA != isNegativeB { product.negate() }
    return product
  }

  mutating func negate() { for index in digits.indices { digits[index].negate() } }
}

extension Double {
  /// A finite number as a whole significand and an exponent of two; the sign is left out.
  fileprivate var wholeSignificand: (significand: UInt64, exponent: Int) {
    let biased = Int(exponentBitPattern)
    let bias = 1075
    return biased == 0 ? (significandBitPattern, 1 - bias) : (significandBitPattern | 1 << 52, biased - bias)
  }
}
