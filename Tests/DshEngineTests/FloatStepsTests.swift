// Nested sums, differences and products of float64: what is computed together is what each operation gives.

import DshColumns
import DshPlan
import Testing

@testable import DshEngine

@Suite struct FloatStepsTests {
  private let fields = [Field("a", DataType.float64), Field("b", .float64), Field("c", .float64)]

  private func results(_ text: String, _ columns: [Column]) throws -> [Value] {
    let compiled = try CompiledExpression(try bind(text, over: fields), inputs: fields.map(\.type))
    let column = try compiled.evaluate(columns, rowCount: columns[0].count)
    return (0..<column.count).map { column.value(at: $0) }
  }

  /// Row by row in Swift, over more rows than are computed at a time; null where one of what is read is null.
  @Test(arguments: [0, 1, 511, 512, 513, 1700]) func areWhatEachGives(count: Int) throws {
    typealias Row = (a: Double, b: Double, c: Double)
    let values = (0..<count).map { row in
      let a: Double = Double(row) / 7 - 20
      let b: Double = row % 5 == 0 ? 1e300 : 0.1 * Double(row)
      let c: Double = row % 3 == 0 ? -0.0 : 1e-9
      return Row(a: a, b: b, c: c)
    }
    func twelve(_ row: Row) -> Double {
      let others: [Double] = [row.b, row.c, row.a, row.b, row.c, row.a, row.b, row.c, row.a, row.b, row.c]
      return others.reduce(row.a, +)
    }
    func mixed(_ row: Row) -> Double {
      let left: Double = (row.a * row.b - row.c) / 4
      let right: Double = row.a * row.b * row.c
      return left + right
    }
    let cases: [(String, String, (Row) -> Double)] = [
      ("a * (1 - b) * (1.5 + c)", "abc", { $0.a * (1 - $0.b) * (1.5 + $0.c) }),
      ("(a + b) * (a - b)", "ab", { ($0.a + $0.b) * ($0.a - $0.b) }),
      ("a * a * a", "a", { $0.a * $0.a * $0.a }),
      ("1.0 - (2.0 - (3.0 - c))", "c", { 1 - (2 - (3 - $0.c)) }),
      ("a + b + c + a + b + c + a + b + c + a + b + c", "abc", twelve), ("(a * b - c) / 4 + a * b * c", "abc", mixed),
    ]
    for nullEvery in [0, 4] {
      let isNull = { (row: Int) in nullEvery > 0 && row % nullEvery == 1 }
      let columns = [
        column(.float64, values.enumerated().map { isNull($0.offset) ? Value.null : Value.float64($0.element.a) }),
        column(.float64, values.map { Value.float64($0.b) }), column(.float64, values.map { Value.float64($0.c) }),
      ]
      for (text, read, expected) in cases {
        let found = try results(text, columns)
        let wanted = values.enumerated().map { row, value -> Value in
          isNull(row) && read.contains("a") ? .null : .float64(expected(value))
        }
        #expect(found == wanted, "\(text), \(count) rows")
      }
    }
  }

  @Test func aNullForAllRows() throws {
    let columns = fields.map { _ in column(.float64, [.float64(1), .float64(2)]) }
    #expect(try results("a * (b + float64(null))", columns) == [.null, .null])
  }
}
