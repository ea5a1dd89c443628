// How fractions are shortened in tables: the whole part stands, nothing is made up.
import Testing

@testable import DshRender

@Suite struct FloatDigitsTests {
  private func shown(_ text: String, _ significant: Int = FloatDigits.automatic) -> String {
    FloatDigits(significant: significant).shortened(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  @Test func shortOnesStay() {
    for text in ["0.0", "20.3", "-1.25", "0.000123456", "1234567.5", "1e+300", "nan", "-inf", "9007199254740993.0"] {
      #expect(shown(text) == text)
    }
  }

  @Test func longOnesAreRounded() {
    #expect(shown("10.166666666666666") == "10.1667")
    #expect(shown("-0.00012345678") == "-0.000123457")
    #expect(shown("1234567.891") == "1234567.9")
    #expect(shown("9.9999999") == "10.0")
    #expect(shown("99999.96") == "100000.0")
    #expect(shown("1.23456789e-07") == "1.23457e-07")
    #expect(shown("0.30000000000000004") == "0.3")
  }

  @Test func asManyAsAskedFor() {
    #expect(shown("3.141592653589793", 3) == "3.14" && shown("3.141592653589793", 1) == "3.1")
    #expect(shown("0.30000000000000004", 17) == "0.30000000000000004")
  }
}
