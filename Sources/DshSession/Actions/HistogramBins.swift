// How a range of numbers is cut into bins of one width, with borders that are easy to read.

import DshColumns
import DshPlan

/// Bins whose width is 1, 2 or 5 times a power of ten, and whose borders are multiples of it.
struct HistogramBins: Equatable {
  /// The width as `digit` times ten to the power of `exponent`.
  let digit: Int
  let exponent: Int
  /// The number of the first bin: its lower border is so many widths from zero.
  let first: Double
  let count: Int

  /// Bins for numbers from `least` to `greatest`, about as many as wanted; whole numbers get no bins narrower than 1.
  init(from least: Double, to greatest: Double, about wanted: Int, isWhole: Bool) {
    // Halves, as the distance of two numbers may be none.
    let span = (greatest / 2 - least / 2) / Double(wanted) * 2
    // Numbers that lie closer than their digits tell are in one bin.
    let finest = max(abs(least), abs(greatest)) * 0x1p-50
    let width = max(span, finest, isWhole ? 1 : .leastNormalMagnitude)
    var exponent = Self.exponent(of: width)
    let ratio = width / Self.power(exponent)
    // A ratio of 1.0000001 is 1.
    let tolerance = 1 + 1e-9
    var digit = ratio <= tolerance ? 1 : ratio <= 2 * tolerance ? 2 : ratio <= 5 * tolerance ? 5 : 10
    if digit == 10 { (digit, exponent) = (1, exponent + 1) }
    if span == 0, !isWhole, least == 0 { (digit, exponent) = (1, 0) }
    // No wider bin has a width that is a number.
    if !(Double(digit) * Self.power(exponent)).isFinite { (digit, exponent) = (1, 308) }
    self.digit = digit
    self.exponent = exponent
    first = Self.place(of: least, digit, exponent)
    count = Int(min(Double(Self.mostBins), max(1, Self.place(of: greatest, digit, exponent) - first + 1)))
  }

  /// More than anybody asks for, with what rounding adds.
  private static let mostBins = 2048

  /// The width of a bin.
  var width: Double { Double(digit) * Self.power(exponent) }

  /// The lower border of a bin, which is the upper one of the bin before.
  func border(_ bin: Int) -> Double { Self.border(first + Double(bin), digit, exponent) }

  private static func border(_ place: Double, _ digit: Int, _ exponent: Int) -> Double {
    // A quotient of whole numbers is the nearest to the decimal number.
    exponent < 0 ? place * Double(digit) / power(-exponent) : place * Double(digit) * power(exponent)
  }

  /// The bin of a number, counted from zero: a quotient may be rounded over a border, which decides.
  private static func place(of number: Double, _ digit: Int, _ exponent: Int) -> Double {
    let place = (number / (Double(digit) * power(exponent))).rounded(.down)
    if number >= border(place + 1, digit, exponent) { return place + 1 }
    return number < border(place, digit, exponent) ? place - 1 : place
  }

  /// The number of the bin of a float64 value, from 0: the same computed for rows.
  func bin(of value: Expression) -> Expression {
    func call(_ name: String, _ left: Expression, _ right: Double, _ type: DataType = .float64) -> Expression {
      .call(name, [left, .literal(.float64(right), .float64)], type)
    }
    func border(_ place: Expression) -> Expression {
      let steps = call("*", place, Double(digit))
      return exponent < 0 ? call("/", steps, Self.power(-exponent)) : call("*", steps, Self.power(exponent))
    }
    let place = Expression.call("floor", [call("/", value, width)], .float64)
    let next = call("+", place, 1)
    let isBelow = Expression.call("<", [value, border(place)], .bool)
    let isAbove = Expression.call(">=", [value, border(next)], .bool)
    let found = Expression.call("if", [isAbove, next, .call("if", [isBelow, call("-", place, 1), place], .float64)], .float64)
    return .cast(call("-", found, first), to: .int64, isTry: false)
  }

  /// The power of ten that a positive number is at least.
  private static func exponent(of number: Double) -> Int {
    var exponent = 0
    while exponent < 308, power(exponent + 1) <= number { exponent += 1 }
    while exponent > -300, power(exponent) > number { exponent -= 1 }
    return exponent
  }

  private static func power(_ exponent: Int) -> Double {
    var result = 1.0
    for _ in 0..<abs(exponent) { result *= 10 }
    return exponent < 0 ? 1 / result : result
  }
}
