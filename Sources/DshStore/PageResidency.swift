// Which parts of an arena are backed by pages: one bit for each step of space.

/// Residency of a space in steps. A step is present once any allocation in it made its pages come.
struct PageResidency: Sendable {
  /// Big enough that taking a step costs one call instead of 64 faults, small enough that a tiny query takes a fraction of a millisecond.
  static let stepBytes = 256 * 1024

  private let space: Range<Int>
  private var words: [UInt64]
  private var presentSteps = 0

  init(space: Range<Int>) {
    self.space = space
    let steps = (space.count + Self.stepBytes - 1) / Self.stepBytes
    words = [UInt64](repeating: 0, count: (steps + 63) / 64)
  }

  var presentBytes: Int { min(space.count, presentSteps * Self.stepBytes) }

  /// The steps a range lies in, partly or wholly.
  private func steps(touching range: Range<Int>) -> Range<Int> {
    let first = (range.lowerBound - space.lowerBound) / Self.stepBytes
    let end = (range.upperBound - space.lowerBound + Self.stepBytes - 1) / Self.stepBytes
    return first..<end
  }

  private func isPresent(_ step: Int) -> Bool { words[step >> 6] & (1 << UInt64(step & 63)) != 0 }

  private func bytes(_ steps: Range<Int>) -> Range<Int> {
    let start = space.lowerBound + steps.lowerBound * Self.stepBytes
    return start..<min(space.upperBound, space.lowerBound + steps.upperBound * Self.stepBytes)
  }

  /// How many steps of a range are absent.
  func absentSteps(in range: Range<Int>) -> Int {
    var count = 0
    for step in steps(touching: range) where !isPresent(step) { count += 1 }
    return count
  }

  /// Marks a range present; the smallest range that holds all steps that were absent.
  mutating func makePresent(_ range: Range<Int>) -> Range<Int>? {
    var first: Int?
    var last = 0
    for step in steps(touching: range) where !isPresent(step) {
      words[step >> 6] |= 1 << UInt64(step & 63)
      presentSteps += 1
      if first == nil { first = step }
      last = step
    }
    return first.map { bytes($0..<last + 1) }
  }

  /// Marks the steps that lie wholly in a free extent absent; the ranges that were present, in order.
  mutating func makeAbsent(within extent: Range<Int>) -> [Range<Int>] {
    let first = (extent.lowerBound - space.lowerBound + Self.stepBytes - 1) / Self.stepBytes
    let end =
      extent.upperBound == space.upperBound
      ? (space.count + Self.stepBytes - 1) / Self.stepBytes
      : (extent.upperBound - space.lowerBound) / Self.stepBytes
    var ranges: [Range<Int>] = []
    var start: Int?
    for step in first..<max(first, end) {
      if isPresent(step) {
        words[step >> 6] &= ~(1 << UInt64(step & 63))
        presentSteps -= 1
        if start == nil { start = step }
      } else if let run = start {
        ranges.append(bytes(run..<step))
        start = nil
      }
    }
    if let run = start { ranges.append(bytes(run..<max(first, end))) }
    return ranges
  }
}
