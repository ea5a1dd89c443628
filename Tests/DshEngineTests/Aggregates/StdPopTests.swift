// `std_pop`: divided by n.

import DshColumns
import Testing

@Suite struct StdPopTests {
  @Test func oneValueHasNoSpread() throws {
    #expect(try everySplit("std_pop", integers(1, nil, 3, 8)) == .float64((26.0 / 3).squareRoot()))
    #expect(try everySplit("std_pop", floats(5)) == .float64(0))
    #expect(try everySplit("std_pop", floats(nil)) == .null)
  }
}
