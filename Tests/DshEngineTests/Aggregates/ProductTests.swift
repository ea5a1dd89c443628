// `product`: exact for integers, in any order for floats.

import DshColumns
import DshDiagnostics
import Testing

@Suite struct ProductTests {
  @Test func integersAreExact() throws {
    #expect(try everySplit("product", integers(2, nil, -3, 7)) == .int64(-42))
    #expect(try everySplit("product", integers(.min, 1)) == .int64(.min))
    #expect(try everySplit("product", integers(1 << 62, -2)) == .int64(.min))
    #expect(try everySplit("product", integers(nil)) == .null)
    #expect(try everySplit("product", integers()) == .null)
  }

  /// A zero makes zero, wherever it stands.
  @Test func overflow() throws {
    #expect(try everySplit("product", integers(.max, .max, 0)) == .int64(0))
    #expect(try everySplit("product", integers(0, .max, .max)) == .int64(0))
    for columns in [[integers(1 << 62, 2)], [integers(.min, -1)], [integers(3, .max, 5)]] {
      #expect(throws: Diagnostic.self) { try global([call("product", .int64)], columns) }
      #expect(throws: Diagnostic.self) { try global([call("product", .int64)], columns, batchRows: 1, batchesPerTask: 1) }
    }
  }

  /// What leaves the range of doubles on the way comes back.
  @Test func floats() throws {
    #expect(try everySplit("product", DshEngineTests.floats(0x1p1000, 0x1p1000, nil, 0x1p-1000, 0x1p-1000, -0.5)) == .float64(-0.5))
    #expect(try everySplit("product", DshEngineTests.floats(3, 1.0 / 3)) == .float64(1))
    #expect(try everySplit("product", DshEngineTests.floats(1e-300, 1e-300)) == .float64(0))
    #expect(try everySplit("product", DshEngineTests.floats(1e200, -1e200)) == .float64(-.infinity))
  }

  @Test func notOrdinaryFloats() throws {
    #expect(try everySplit("product", DshEngineTests.floats(.infinity, -2)) == .float64(-.infinity))
    for columns in [DshEngineTests.floats(.infinity, 0), DshEngineTests.floats(Double.nan, 1)] {
      guard case .float64(let product) = try everySplit("product", columns) else { return #expect(Bool(false)) }
      #expect(product.isNaN)
    }
  }

  @Test func orderDoesNotShow() throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: 3))
    let values = (0..<2_000).map { _ in 0.5 + Double(generator.random.int(0...1_000_000)) / 1_000_000 }
    let orders = [values, values.reversed(), values.sorted()]
    let products = try orders.map { try global([call("product", .float64)], [column(.float64, $0.map { .float64($0) })]) }
    #expect(products[0] == products[1] && products[0] == products[2])
  }
}
