// `var_pop`: divided by n.

import DshColumns
import Testing

@Suite struct VarPopTests {
  @Test func oneValueHasNoSpread() throws {
    #expect(try everySplit("var_pop", integers(1, 3)) == .float64(1))
    #expect(try everySplit("var_pop", floats(5, nil)) == .float64(0))
    #expect(try everySplit("var_pop", floats()) == .null)
  }
}
