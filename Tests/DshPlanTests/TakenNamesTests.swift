// Names of columns that come together are all different, byte for byte.

import Testing

@testable import DshPlan

@Suite struct TakenNamesTests {
  @Test func aNameIsTakenOnce() {
    var names = TakenNames(["a", "b"])
    #expect(!names.take("a") && names.take("a_right") && !names.take("a_right"))
  }

  /// Names that look alike are different columns.
  @Test func namesAreBytes() {
    var names = TakenNames(["caf\u{E9}"])
    #expect(names.take("cafe\u{301}") && !names.take("caf\u{E9}"))
  }
}
