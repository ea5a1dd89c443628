// Words are numbered in the order in which they come first, however they are looked up.

import DshColumns
import Testing

@testable import DshEngine

@Suite struct WordGroupsTests {
  /// Words that ascend, then lie close together, then anywhere, with nulls now and then.
  @Test(arguments: FuzzSeeds.all) func agreesWithADictionary(seed: UInt64) {
    var random = SplitMix(seed: seed &+ 31)
    for _ in 0..<60 {
      let groups = WordGroups(type: .int64)
      var known: [Int64?: UInt32] = [:]
      var order: [Int64?] = []
      var next: Int64 = Int64.random(in: -50...50, using: &random)
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let kind = Int.random(in: 0..<5, using: &random)
        let hasNulls = Int.random(in: 0..<3, using: &random) == 0
        let values: [Int64?] = (0..<Int.random(in: 0...300, using: &random)).map { _ in
          if hasNulls, Int.random(in: 0..<6, using: &random) == 0 { return nil }
          switch kind {
          case 0, 1:
            next += Int64.random(in: 0...2, using: &random)
            return next
          case 2: return Int64.random(in: -40...900, using: &random)
          case 3: return Int64.random(in: -40_000...40_000, using: &random)
          default: return [Int64.min, .max, 0, -1, Int64.random(in: .min ... .max, using: &random)].randomElement(using: &random)
          }
        }
        let numbers = groups.groups(of: integers(values))
        let expected = values.map { value -> UInt32 in
          if let number = known[value] { return number }
          known[value] = UInt32(order.count)
          order.append(value)
          return UInt32(order.count - 1)
        }
        #expect(numbers == expected)
        #expect(groups.count == order.count)
      }
      let keys = groups.keys
      #expect((0..<keys.count).map { keys.value(at: $0) } == order.map { $0.map { .int64($0) } ?? .null })
      if groups.isInOrder { #expect(order.compactMap(\.self) == order.compactMap(\.self).sorted()) }
    }
  }

  private func integers(_ values: [Int64?]) -> Column { column(.int64, values.map { $0.map { .int64($0) } ?? .null }) }
}
