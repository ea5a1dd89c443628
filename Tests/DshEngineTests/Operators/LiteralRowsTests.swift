// Rows that stand in the plan.

import DshColumns
import DshEngine
import Testing

@Suite struct LiteralRowsTests {
  @Test func rowsOfAllTypes() throws {
    let point = [Field("x", DataType.float64)]
    let schema = Schema([
      Field("a", .int64), Field("b", .string), Field("c", .list(.date)), Field("d", .structure(point)), Field("e", .null),
    ])
    let rows: [[Value]] = [
      [.int64(1), .string("é"), .list([.date(3), .null]), .structure(point, [.float64(-0.0)]), .null],
      [.null, .null, .null, .null, .null], [.int64(.min), .string(""), .list([]), .structure(point, [.null]), .null],
    ]
    let environment = MemoryEnvironment()
    try runTask(LiteralRows(schema, rows), batchRows: 2, in: environment)
    #expect(environment.state.made[0].schema == schema)
    #expect(environment.rows == rows)
  }

  @Test func noRows() throws {
    let environment = MemoryEnvironment()
    try runTask(LiteralRows(Schema([Field("a", .int64)]), []), in: environment)
    #expect(environment.rows.isEmpty)
    #expect(environment.state.made[0].schema == Schema([Field("a", .int64)]))
  }
}
