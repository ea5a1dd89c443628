// Exact decimals: their text, and what happens to their digits.

import Testing

@testable import DshColumns

@Suite struct DecimalNumberTests {
  private func text(_ unscaled: Int128, _ scale: Int) -> String {
    CellText.string(.decimal(DecimalNumber(unscaled, scale: scale))) ?? ""
  }

  private func parse(_ text: String, _ precision: Int, _ scale: Int) -> Int128? {
    Array(text.utf8).withUnsafeBytes { DecimalNumber.parse($0, precision: precision, scale: scale) }
  }

  @Test func textsAreReadBack() {
    var state: UInt64 = 7
    for _ in 0..<5000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let scale = Int(state >> 33) % 39
      let bits = Int(state >> 40) % 127
      var number = (Int128(state) << 64 | Int128(state &* 3)) & ((1 << Int128(bits)) - 1)
      if state & 1 == 0 { number = -number }
      guard number.magnitude < DecimalNumber.power(38).magnitude else { continue }
      #expect(parse(text(number, scale), 38, scale) == number, "\(number) \(scale)")
    }
  }

  @Test func textsAsTheyAreWritten() {
    #expect(text(0, 0) == "0")
    #expect(text(0, 3) == "0.000")
    #expect(text(-5, 2) == "-0.05")
    #expect(text(1234, 2) == "12.34")
    #expect(text(DecimalNumber.power(38) - 1, 38) == "0." + String(repeating: "9", count: 38))
    #expect(parse("1e3", 10, 2) == 100_000)
    #expect(parse("12.3400", 10, 2) == 1234)
    #expect(parse("12.345", 10, 2) == nil)
    #expect(parse("123456789.00", 10, 2) == nil)
    #expect(parse("-", 10, 2) == nil)
    #expect(parse("1.2.3", 10, 2) == nil)
    #expect(parse("0e999", 10, 2) == 0)
    #expect(parse("1e99999", 10, 2) == nil)
  }

  @Test func digitsAreRoundedAwayFromZero() {
    #expect(DecimalNumber.rescaled(125, from: 2, to: 1, precision: 5) == 13)
    #expect(DecimalNumber.rescaled(-125, from: 2, to: 1, precision: 5) == -13)
    #expect(DecimalNumber.rescaled(124, from: 2, to: 1, precision: 5) == 12)
    #expect(DecimalNumber.rescaled(99999, from: 0, to: 1, precision: 5) == nil)
    #expect(DecimalNumber.rescaled(.max, from: 0, to: 38, precision: 38) == nil)
  }

  @Test(arguments: [1, 5, 18, 19, 37, 38]) func digitsAreCounted(_ precision: Int) {
    let greatest = DecimalNumber.power(precision) - 1
    func fit(_ numbers: [Int128]) -> Bool { DecimalNumber.fit(numbers, count: numbers.count, precision: precision) }
    #expect(fit([0, greatest, -greatest, 1]))
    for beyond in [greatest + 1, -greatest - 1, .max, .min] { #expect(!fit([0, beyond, 1]), "\(beyond)") }
  }

  @Test func doublesAreTheNearest() {
    var state: UInt64 = 9
    for _ in 0..<5000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let number = (Int128(Int64(bitPattern: state)) << 63 | Int128(state >> 1)) >> Int128(state % 127)
      #expect(DecimalNumber.double(number, scale: 0) == Double(number), "\(number)")
    }
    #expect(DecimalNumber.double(5, scale: 2) == 0.05)
    #expect(DecimalNumber(asTyped: 0.05).map { $0.unscaled == 5 && $0.precision == 2 && $0.scale == 2 } == true)
    #expect(DecimalNumber(asTyped: -12.5)?.unscaled == -125)
    #expect(DecimalNumber(asTyped: 1e300) == nil)
    #expect(DecimalNumber(asTyped: .nan) == nil)
  }
}
