// `string_join`: texts in order with something between them.

import DshColumns
import Testing

@Suite struct StringJoinTests {
  @Test func inOrderWithoutNulls() throws {
    #expect(try everySplit("string_join", texts("a", nil, "", "c"), constants: [.string(", ")]) == .string("a, , c"))
    #expect(try everySplit("string_join", texts("a", "b"), constants: [.string("")]) == .string("ab"))
    #expect(try everySplit("string_join", texts(nil, nil), constants: [.string("-")]) == .null)
    #expect(try everySplit("string_join", texts(), constants: [.string("-")]) == .null)
  }
}
