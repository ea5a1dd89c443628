// Lambdas in expressions: their numbers, their bytes, what comes from elsewhere, and lists too long to take in at once.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct LambdaTests {
  private let fields = [Field("n", .int64), Field("t", .string), Field("xs", .list(.int64))]

  @Test(arguments: [
    "list_map(xs, x -> x + n)", "list_reduce(xs, (a, x) -> a + x, 0.5)", "list_map(xs, x -> list_filter(xs, y -> y > x and y != n))",
    "list_sort_by(split(t, \",\"), w -> length(w))",
  ]) func survivesItsBytes(text: String) throws {
    let expression = try bind(text, over: fields)
    var writer = ByteWriter()
    writer.write(expression)
    var reader = ByteReader(writer.bytes)
    #expect(try reader.readExpression() == expression)
    #expect(expression.isConstant == false)
  }

  @Test func readsColumnsOfItsRow() throws {
    #expect(try bind("list_map(xs, x -> x + n)", over: fields).columns == [0, 2])
    #expect(try bind("list_map([1], x -> x)").isConstant)
    #expect(try bind("list_map(xs, x -> x)", over: fields).freeParameters.isEmpty)
  }

  /// A call that reads nothing around it is computed once, though it stands in the body of a lambda and its parameters are numbered so.
  @Test func constantsInBodiesAreComputed() throws {
    #expect(constant("list_map([1, 2], x -> x + list_sum(list_map([10, 20], y -> y * 2)))") == "[61, 62]")
    let nested = try bind(
      "list_map(xs, x -> list_reduce([1, 2], (a, b) -> a + b + list_reduce([3], (c, d) -> c + d, 0.5), 1))", over: fields)
    #expect(nested.type == .list(.float64))
    let compiled = try CompiledExpression(nested, inputs: fields.map(\.type))
    let inputs = [column(.int64, [.null]), column(.string, [.null]), column(.list(.int64), [.list([.int64(1), .null])])]
    #expect(try compiled.evaluate(inputs, rowCount: 1).values == [.list([.float64(11), .float64(11)])])
  }

  /// A lambda with lambdas of its own may stand in the body of another, which numbers its parameters alike.
  @Test func hidesParametersOfTheSameNumber() throws {
    let inner = try bind("list_reduce(xs, (a, x) -> a + x)", over: fields)
    let outer = try bind("list_map(xs, x -> x * n)", over: fields)
    let joined = outer.mapColumns { index, type in index == 0 ? inner : .column(index, type) }
    let compiled = try CompiledExpression(joined, inputs: fields.map(\.type))
    let lists = column(.list(.int64), [.list([.int64(1), .int64(2)]), .null, .list([])])
    let result = try compiled.evaluate(
      [column(.int64, [.null, .null, .null]), column(.string, [.null, .null, .null]), lists], rowCount: 3)
    #expect(result.values == [.list([.int64(3), .int64(6)]), .null, .list([])])
  }

  @Test func refusesWhatNoBinderMakes() throws {
    let list = Expression.column(2, .list(.int64))
    func isRefused(_ expression: Expression) -> Bool { (try? CompiledExpression(expression, inputs: fields.map(\.type))) == nil }
    #expect(isRefused(.parameter(0, .int64)))
    #expect(isRefused(.lambda(first: 0, [.int64], body: .parameter(0, .int64))))
    #expect(isRefused(.call("list_map", [list, .lambda(first: 0, [.string], body: .parameter(0, .string))], .list(.string))))
    #expect(isRefused(.call("list_map", [list, .lambda(first: 1, [.int64], body: .parameter(0, .int64))], .list(.int64))))
    #expect(isRefused(.call("list_map", [list, .lambda(first: .max, [.int64], body: .parameter(.max, .int64))], .list(.int64))))
    #expect(isRefused(.call("list_map", [list, .lambda(first: -1, [.int64], body: .parameter(0, .int64))], .list(.int64))))
    #expect(isRefused(.call("list_map", [list, .lambda(first: 0, [.int64], body: .parameter(1, .int64))], .list(.int64))))
    #expect(isRefused(.call("list_map", [list, .literal(.int64(1), .int64)], .list(.int64))))
    #expect(isRefused(.call("upper", [.lambda(first: 0, [.int64], body: .literal(.string("a"), .string))], .string)))
  }

  /// More elements than are looked at together, and an error in the last of them.
  @Test func takesLongListsInParts() throws {
    let numbers = (0..<150_000).map { Value.int64(Int64($0)) }
    let lists = column(.list(.int64), [.list([]), .list(numbers), .list([.int64(7)])])
    let inputs = [column(.int64, [.int64(1), .int64(2), .int64(0)]), column(.string, [.null, .null, .null]), lists]
    let sum = try CompiledExpression(try bind("list_sum(list_map(xs, x -> x * n))", over: fields), inputs: fields.map(\.type))
    #expect(try sum.evaluate(inputs, rowCount: 3).values == [.null, .int64(149_999 * 150_000), .int64(0)])
    let failing = try CompiledExpression(
      try bind("list_map(xs, x -> if(x == 149999, 9223372036854775807 + x, x))", over: fields), inputs: fields.map(\.type))
    #expect { try failing.evaluate(inputs, rowCount: 3) } throws: { ($0 as? RowError)?.row == 1 }
  }

  /// Each row would take a copy of a long text for each element.
  @Test func refusesListsBeyondAnyMemory() throws {
    let text = String(repeating: "x", count: 1 << 20)
    let rows = 2_000
    let inputs = [
      column(.int64, Array(repeating: .int64(1), count: rows)), column(.string, Array(repeating: .string("y"), count: rows)),
      column(.list(.int64), Array(repeating: .null, count: rows)),
    ]
    let list = Expression.literal(.list([.string(text)]), .list(.string))
    let body = Expression.call("++", [.parameter(0, .string), .column(1, .string)], .string)
    let call = Expression.call("list_map", [list, .lambda(first: 0, [.string], body: body)], .list(.string))
    let compiled = try CompiledExpression(call, inputs: fields.map(\.type))
    #expect { try compiled.evaluate(inputs, rowCount: rows) } throws: { ($0 as? RowError)?.diagnostic.code == .textTooLong }
  }
}
