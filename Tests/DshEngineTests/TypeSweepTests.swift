// Every function and every aggregate over columns of every type: a result of the type that was told, or an error, never a trap.

import DshColumns
import DshDiagnostics
import DshPlan
import Testing

@testable import DshEngine

@Suite struct TypeSweepTests {
  /// Columns of four rows, a null among them.
  static let columns: [Column] = [
    filled(.null, []), filled(.bool, [.bool(true), .bool(false)]), filled(.int64, [.int64(3), .int64(-7)]),
    filled(.float64, [.float64(0.5), .float64(.nan)]), filled(.string, [.string("a"), .string("2024-01-31")]),
    filled(.date, [.date(3), .date(-3)]), filled(.timestamp, [.timestamp(5), .timestamp(-5)]),
    filled(.binary, [.binary([1, 2]), .binary([])]),
    filled(.narrow(.int8), [.int64(3), .int64(-7)]), filled(.narrow(.uint16), [.int64(3), .int64(7)]),
    filled(.narrow(.float32), [.float64(0.5), .float64(2)]),
    filled(.uint64, [.int64(3), .decimal(DecimalNumber(Int128(UInt64.max), precision: 20, scale: 0))]),
    filled(.decimal(precision: 10, scale: 2), [.decimal(DecimalNumber(105, scale: 2)), .decimal(DecimalNumber(-5, scale: 2))]),
    filled(.decimal(precision: 38, scale: 0), [.decimal(DecimalNumber(DecimalNumber.power(38) - 1, scale: 0)), .int64(0)]),
    filled(.time(.nanoseconds), [.time(5, .nanoseconds), .time(0, .nanoseconds)]),
    filled(.duration(.milliseconds), [.duration(5, .milliseconds), .duration(-5, .milliseconds)]),
    filled(.instant(.nanoseconds, zone: nil), [.instant(5, .nanoseconds, zone: nil), .instant(-5, .nanoseconds, zone: nil)]),
    filled(.instant(.seconds, zone: "UTC"), [.instant(5, .seconds, zone: "UTC"), .instant(.max, .seconds, zone: "UTC")]),
    filled(.list(.narrow(.int16)), [.list([.int64(1), .null]), .list([])]),
    filled(
      .structure([Field("a", .narrow(.int8)), Field("b", .string)]),
      [.structure([Field("a", .int64), Field("b", .string)], [.int64(1), .string("x")])]),
    filled(
      .map(.string, .narrow(.int32)),
      [.list([.structure([Field("key", .string), Field("value", .int64)], [.string("k"), .int64(3)])]), .list([])]),
  ]

  private static func filled(_ type: DataType, _ values: [Value]) -> Column {
    column(type, values + [.null] + values.prefix(1)).padded(to: 4)
  }

  /// Evaluates a call over columns, each column once constant.
  private func evaluate(_ signature: FunctionSignature, _ arguments: [Column]) {
    guard let resolution = signature.resolve(arguments.map(\.type)), signature.name != "field", signature.name != "struct" else { return }
    let inputs = arguments.map(\.type)
    let operands = zip(arguments.indices, resolution.parameters).map { index, wanted -> Expression in
      let column = Expression.column(index, inputs[index])
      return inputs[index] == wanted ? column : .cast(column, to: wanted, isTry: true)
    }
    for constant in -1..<arguments.count {
      var operands = operands
      if constant >= 0 {
        operands[constant] = .cast(
          .literal(arguments[constant].value(at: 0), inputs[constant]), to: resolution.parameters[constant], isTry: true)
      }
      let call = Expression.call(signature.name, operands, resolution.result)
      guard let compiled = try? CompiledExpression(call, inputs: inputs) else { continue }
      guard let result = try? compiled.evaluate(arguments, rowCount: 4) else { continue }
      #expect(result.type == resolution.result && result.count == 4, "\(signature.name) over \(inputs.map(\.name))")
      for row in 0..<4 { _ = CellText.string(result, row: row) }
      _ = BlockFormat.encode(Batch(schema: Schema([Field("x", result.type)]), columns: [result], rowCount: 4))
    }
  }

  @Test(arguments: FunctionRegistry.all.map(\.signature.name)) func functions(_ name: String) throws {
    let signature = try #require(FunctionRegistry.function(named: name)).signature
    if signature.takesLambda { return }
    for first in Self.columns {
      evaluate(signature, [first])
      for second in Self.columns {
        evaluate(signature, [first, second])
        for third in [first, second, Self.columns[2], Self.columns[4]] { evaluate(signature, [first, second, third]) }
      }
    }
  }

  @Test func casts() throws {
    for from in Self.columns {
      for to in Self.columns.map(\.type) where from.type.canCast(to: to) {
        for isTry in [false, true] {
          let cast = Expression.cast(.column(0, from.type), to: to, isTry: isTry)
          let compiled = try CompiledExpression(cast, inputs: [from.type])
          if let result = try? compiled.evaluate([from], rowCount: 4) {
            #expect(result.type == to && result.count == 4, "\(from.type.name) to \(to.name)")
            for row in 0..<4 { _ = CellText.string(result, row: row) }
          }
        }
      }
    }
  }

  @Test func aggregates() throws {
    let registry = AggregateRegistry()
    for name in registry.names {
      for first in Self.columns {
        for second in [nil] + Self.columns.map({ Optional($0) }) {
          guard let signature = registry.signature(of: name), signature.constantCount == 0 else { continue }
          let arguments = [first] + (second.map { [$0] } ?? [])
          let types = arguments.map(\.type.computed)
          let operands = zip(arguments.indices, types).map { index, type -> Expression in
            arguments[index].type == type ? .column(index, type) : .cast(.column(index, arguments[index].type), to: type, isTry: true)
          }
          guard let call = signature.call(name, operands) else { continue }
          let result = try? global([call], arguments, batchRows: 2, batchesPerTask: 1)
          if let value = result?.first, !value.isNull { _ = CellText.string(value) }
        }
      }
    }
  }

  @Test func keysAndOrders() throws {
    for column in Self.columns {
      let hashes = KeyHash.hashes(of: [column, Self.columns[2]], rowCount: 4)
      #expect(hashes[0] == KeyHash.hashes(of: [column.slice(from: 0, count: 1), Self.columns[2].slice(from: 0, count: 1)], rowCount: 1)[0])
      let sorted = sortIndexes([column], keys: [SortColumn(0, descending: true)], rowCount: 4)
      #expect(Set((0..<4).map { sorted.pointer[$0] }) == [0, 1, 2, 3])
      _ = ColumnStatistics(of: column)
      // Equal rows are one group, whatever they are grouped as.
      let aggregation = Aggregation(keys: [NamedExpression("k", .column(0, column.type))], aggregates: [])
      let aggregator = try GroupedAggregator(aggregation, inputs: [column.type])
      try aggregator.update([column], rowCount: 4)
    }
  }
}

extension Column {
  /// The column with nulls behind it.
  fileprivate func padded(to count: Int) -> Column {
    let builder = ColumnBuilder(type: type)
    builder.append(self.count > count ? slice(from: 0, count: count) : self)
    while builder.count < count { builder.appendNull() }
    return builder.finish()
  }
}
