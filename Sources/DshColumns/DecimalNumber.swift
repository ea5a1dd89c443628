// Exact decimal numbers of up to 38 digits.

/// A decimal number: `unscaled` / 10^`scale`.
public struct DecimalNumber: Sendable {
  public var unscaled: Int128
  /// The most digits it may have, 1 to 38.
  public var precision: Int
  /// The digits behind the point, 0 to `precision`.
  public var scale: Int

  public init(_ unscaled: Int128, precision: Int = DataType.largestPrecision, scale: Int) {
    self.unscaled = unscaled
    self.precision = precision
    self.scale = scale
  }

  public var type: DataType { .decimal(precision: precision, scale: scale) }

  /// 10 to a power from 0 to 38.
  public static func power(_ exponent: Int) -> Int128 { powers[exponent] }

  private static let powers: [Int128] = (0..<DataType.largestPrecision).reduce(into: [1]) { powers, _ in
    powers.append(powers[powers.count - 1] * 10)
  }

  /// Whether all of so many numbers at an address have at most `precision` digits: a pass without a branch for a number.
  public static func fit(_ numbers: UnsafePointer<Int128>, count: Int, precision: Int) -> Bool {
    let greatest = power(precision) - 1
    // What is below the least number wraps around to above the greatest.
    let span = UInt128(greatest) * 2
    var outside: UInt8 = 0
    for index in 0..<count {
      unsafe outside |= UInt128(truncatingIfNeeded: numbers[index] &+ greatest) > span ? 1 : 0
    }
    return outside == 0
  }

  /// The same value with another number of digits behind the point, halves away from zero; nil if it has more than `precision` digits then.
  public static func rescaled(_ unscaled: Int128, from scale: Int, to newScale: Int, precision: Int) -> Int128? {
    var result = unscaled
    if newScale > scale {
      let (product, overflow) = unscaled.multipliedReportingOverflow(by: power(newScale - scale))
      if overflow { return nil }
      result = product
    } else if newScale < scale {
      let divisor = power(scale - newScale)
      let (quotient, remainder) = unscaled.quotientAndRemainder(dividingBy: divisor)
      result = remainder.magnitude >= divisor.magnitude - remainder.magnitude ? quotient + (unscaled < 0 ? -1 : 1) : quotient
    }
    return result.magnitude < power(precision).magnitude ? result : nil
  }

  /// The nearest double, correctly rounded where digits and power of ten are exact as doubles, else within two roundings.
  public static func double(_ unscaled: Int128, scale: Int) -> Double {
    let number = Int64(truncatingIfNeeded: unscaled)
    return (Int128(number) == unscaled ? Double(number) : rounded(unscaled)) / doublePowers[scale]
  }

  /// The nearest double: the leading 64 bits, the lowest of which tells whether anything stands behind them. (The standard library's conversion takes
  /// a hundred times as long.)
  private static func rounded(_ number: Int128) -> Double {
    let magnitude = number.magnitude
    let shift = max(0, 64 - magnitude.leadingZeroBitCount)
    let leading = UInt64(truncatingIfNeeded: magnitude >> UInt128(shift))
    let hasRest = magnitude & ((1 << UInt128(shift)) - 1) != 0
    let rounded = Double(hasRest ? leading | 1 : leading) * (shift == 0 ? 1 : Double(UInt64(1) << UInt64(shift - 1)) * 2)
    return number < 0 ? -rounded : rounded
  }

  private static let doublePowers: [Double] = (0...DataType.largestPrecision).map { Double("1e\($0)") ?? .nan }

  /// Reads `-12.50`, with an exponent too; nil for anything else, for a value of more than `precision` digits, and for one with more
  /// digits behind the point than `scale`, unless they are zeros.
  public static func parse(_ text: UnsafeRawBufferPointer, precision: Int, scale: Int) -> Int128? {
    var position = 0
    var isNegative = false
    if position < text.count, unsafe text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      isNegative = unsafe text[0] == UInt8(ascii: "-")
      position = 1
    }
    var number: Int128 = 0
    var digits = 0
    var decimals = 0
    var hasPoint = false
    while position < text.count {
      let byte = unsafe text[position]
      let digit = byte &- UInt8(ascii: "0")
      if digit < 10 {
        let (product, overflow) = number.multipliedReportingOverflow(by: 10)
        let (sum, carry) = product.addingReportingOverflow(Int128(digit))
        if overflow || carry { return nil }
        number = sum
        digits += 1
        if hasPoint { decimals += 1 }
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      position += 1
    }
    guard digits > 0 else { return nil }
    if position < text.count {
      guard unsafe text[position] | 0x20 == UInt8(ascii: "e"),
        let exponent = unsafe readExponent(UnsafeRawBufferPointer(rebasing: text[(position + 1)...]))
      else { return nil }
      decimals -= exponent
    }
    if number == 0 { return 0 }
    while decimals > scale {
      let (quotient, remainder) = number.quotientAndRemainder(dividingBy: 10)
      if remainder != 0 { return nil }
      number = quotient
      decimals -= 1
    }
    while decimals < scale {
      let (product, overflow) = number.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      number = product
      decimals += 1
    }
    guard number.magnitude < power(precision).magnitude else { return nil }
    return isNegative ? -number : number
  }

  /// An exponent that can matter, of three digits at most.
  private static func readExponent(_ text: UnsafeRawBufferPointer) -> Int? {
    guard text.count <= 4, let number = unsafe Int(String(decoding: text, as: UTF8.self)) else { return nil }
    return number
  }

  /// Writes `-12.50` at an address with room for `CellText.numberLimitBytes`; how many bytes it took.
  static func write(_ unscaled: Int128, scale: Int, to target: UnsafeMutablePointer<UInt8>) -> Int {
    // 39 digits, a point, and a zero in front of it.
    var reversed: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0)
    return unsafe withUnsafeMutableBytes(of: &reversed) { digits in
      var rest = unscaled.magnitude
      var count = 0
      while rest != 0 || count <= scale {
        if count == scale && scale > 0 {
          unsafe digits[count] = UInt8(ascii: ".")
          count += 1
          // The digit before the point is written even if it is zero.
          if rest == 0 {
            unsafe digits[count] = UInt8(ascii: "0")
            count += 1
            break
          }
        }
        if rest <= UInt128(UInt64.max) {
          let low = UInt64(truncatingIfNeeded: rest)
          unsafe digits[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: low % 10)
          rest = UInt128(low / 10)
        } else {
          let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
          unsafe digits[count] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
          rest = quotient
        }
        count += 1
      }
      var length = 0
      if unscaled < 0 {
        unsafe target[0] = UInt8(ascii: "-")
        length = 1
      }
      for index in 0..<count { unsafe target[length + index] = digits[count - 1 - index] }
      return length + count
    }
  }
}

extension DecimalNumber {
  /// The decimal that the shortest text of a double stands for; nil if it has an exponent, or too many digits.
  public init?(asTyped number: Double) {
    guard var text = CellText.string(.float64(number)) else { return nil }
    let scale = text.utf8.lastIndex(of: UInt8(ascii: ".")).map { text.utf8.distance(from: $0, to: text.utf8.endIndex) - 1 } ?? 0
    guard !text.utf8.contains(UInt8(ascii: "e")), scale <= DataType.largestPrecision else { return nil }
    let unscaled = text.withUTF8 { unsafe Self.parse(UnsafeRawBufferPointer($0), precision: DataType.largestPrecision, scale: scale) }
    guard let unscaled else { return nil }
    let digits = unscaled.magnitude.description.utf8.count
    self.init(unscaled, precision: min(DataType.largestPrecision, max(digits, scale, 1)), scale: scale)
  }
}

extension DecimalNumber: Hashable {
  /// Equal numbers are equal, however many digits they might have.
  public static func == (one: DecimalNumber, other: DecimalNumber) -> Bool { one.reduced == other.reduced }
  public func hash(into hasher: inout Hasher) {
    let (unscaled, scale) = reduced
    hasher.combine(unscaled)
    hasher.combine(scale)
  }

  /// Without zeros at the end behind the point.
  private var reduced: (Int128, Int) {
    var (number, digits) = (unscaled, scale)
    while digits > 0, number % 10 == 0 { (number, digits) = (number / 10, digits - 1) }
    return (number, digits)
  }
}
