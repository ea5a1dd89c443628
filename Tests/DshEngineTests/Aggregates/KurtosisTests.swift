// `kurtosis`: of a sample, whatever the mean.

import DshColumns
import Testing

@Suite struct KurtosisTests {
  @Test func aShiftChangesNothing() throws {
    let result = try everySplit("kurtosis", floats(1, 2, 9, 4, nil, 3))
    #expect(try everySplit("kurtosis", floats(1e12 + 1, 1e12 + 2, 1e12 + 9, 1e12 + 4, 1e12 + 3)) == result)
    guard case .float64(let kurtosis) = result else { return #expect(Bool(false)) }
    #expect(abs(kurtosis - 2.6750983101) < 1e-9)
  }

  @Test func anySizeOfValues() throws {
    #expect(try everySplit("kurtosis", floats(1e-80, 2e-80, 9e-80, 4e-80)) == everySplit("kurtosis", floats(1e80, 2e80, 9e80, 4e80)))
    guard case .float64(let mixed) = try everySplit("kurtosis", floats(1e300, 1, 1e-300, -1e300)) else { return #expect(Bool(false)) }
    #expect(mixed.isFinite)
  }

  @Test func fewValues() throws {
    #expect(try everySplit("kurtosis", floats(1, 2, 3)) == .null)
    for values in [floats(1, 1, 1, 1), floats(1, 2, 3, .infinity)] {
      guard case .float64(let kurtosis) = try everySplit("kurtosis", values) else { return #expect(Bool(false)) }
      #expect(kurtosis.isNaN)
    }
  }
}
