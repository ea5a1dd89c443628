// What stands for chance: a number for each row of a dataset, the same wherever and whenever it is made.

/// The sequence of SplitMix64 from a seed; the row says which number of it. Different rows have different numbers.
struct RowHash {
  private let start: UInt64

  /// The golden ratio in 64 bits: the step of the sequence.
  private static let step: UInt64 = 0x9E37_79B9_7F4A_7C15

  init(seed: Int64) { start = RowHash.mixed(UInt64(bitPattern: seed) &+ RowHash.step) }

  @inline(__always) func number(ofRow row: UInt64) -> UInt64 { RowHash.mixed(start &+ row &* RowHash.step) }

  /// The number as a fraction from 0 to below 1, of 53 bits.
  @inline(__always) func fraction(ofRow row: UInt64) -> Double { Double(number(ofRow: row) &>> 11) * 0x1p-53 }

  /// No two values give the same.
  @inline(__always) private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value
    value = (value ^ (value &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value &>> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value &>> 31)
  }
}
