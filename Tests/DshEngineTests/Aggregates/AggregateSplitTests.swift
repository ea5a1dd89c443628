// Every aggregate gives the same for each group however rows are cut into batches and tasks, and shows no trap to states of others.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct AggregateSplitTests {
  /// A call of an aggregate whose first argument is a column of a type; nil if it is not defined for it.
  private func defined(_ signature: AggregateSignature, _ type: DataType, condition: Expression?) -> AggregateCall? {
    let second = Expression.column(1, .float64)
    let constants: [Value] =
      switch signature.name {
      case "quantile", "approx_quantile": [.float64(0.4)]
      case "string_join": [.string("-")]
      case "histogram": [.list([.float64(-10), .float64(0), .float64(1e6)])]
      default: []
      }
    for arguments in [[Expression.column(0, type)], [.column(0, type), second]] {
      if let call = signature.call(signature.name, arguments, constants: constants, condition: condition) { return call }
    }
    return nil
  }

  @Test(arguments: FuzzSeeds.all) func splitsDoNotShow(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 11))
    for type in [DataType.int64, .float64, .string, .bool, .date, .list(.int64)] {
      let types = [type, .float64, .int64, .bool]
      let rowCount = generator.random.pick([1, 40, 500])
      let groupCount = generator.random.pick([1, 4, 200])
      var values = types.map { type in generator.column(type, rows: rowCount) }
      if type == .int64 { values[0] = values[0].map { if case .int64(let n) = $0 { .int64(n % 40) } else { $0 } } }
      values[2] = (0..<rowCount).map { _ in .int64(Int64(generator.random.int(0...groupCount - 1))) }
      for condition in [nil, Expression.column(3, .bool)] {
        // A product of many integers overflows.
        let calls = AggregateRegistry.all.map(\.signature).filter { type != .int64 || $0.name != "product" }
          .compactMap { defined($0, type, condition: condition) }
        for keys in [[NamedExpression("k", .column(2, .int64))], []] {
          let aggregation = Aggregation(keys: keys, aggregates: calls)
          let whole = try GroupedAggregator(aggregation, inputs: types)
          let merged = try GroupedAggregator(aggregation)
          try whole.update(zip(types, values).map { column($0, $1) }, rowCount: rowCount)
          var task = try GroupedAggregator(aggregation, inputs: types)
          var row = 0
          while row < rowCount {
            let count = min(rowCount - row, generator.random.pick([1, 7, 64, 300]))
            try task.update(zip(types, values).map { column($0, Array($1[row..<row + count])) }, rowCount: count)
            row += count
            guard row == rowCount || generator.random.chance(40) else { continue }
            for partial in task.partialBatches(generator.random.pick([1, 3])) { merged.merge(partial) }
            task = try GroupedAggregator(aggregation, inputs: types)
          }
          let expected = try whole.finish()
          let actual = try merged.finish()
          #expect(actual.rowCount == expected.rowCount)
          for (index, field) in aggregation.schema.fields.enumerated() {
            #expect(
              actual.columns[index].values.map(\.comparable) == expected.columns[index].values.map(\.comparable),
              "\(field.name) of \(type.name), seed \(seed), condition \(condition != nil)")
          }
        }
      }
    }
  }

  /// An aggregate with a condition gives what it gives behind a filter.
  @Test(arguments: FuzzSeeds.all) func aConditionIsAFilter(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 13))
    let condition = Expression.column(2, .bool)
    for type in [DataType.int64, .float64, .string, .bool, .date, .list(.int64)] {
      let types = [type, .float64, .bool]
      let columns = types.map { column($0, generator.column($0, rows: 200)) }
      let kept = RowIndexes((0..<200).filter { columns[2].value(at: $0) == .bool(true) }.map { Int32($0) })
      for signature in AggregateRegistry.all.map(\.signature) where type != .int64 || !["product", "sum"].contains(signature.name) {
        guard let restricted = defined(signature, type, condition: condition), let plain = defined(signature, type, condition: nil) else {
          continue
        }
        let expected = try global([plain], columns.map { $0.gather(kept) })
        #expect(
          try global([restricted], columns, batchRows: 70).map(\.comparable) == expected.map(\.comparable),
          "\(signature.name) of \(type.name)")
      }
    }
  }

  /// Nothing is computed for rows that a condition does not let through.
  @Test func argumentsOfOtherRowsDoNotFail() throws {
    let fields = [Field("s", .string)]
    let number = try bind("s::int64", over: fields)
    let columns = [texts("1", "x", nil, "30")]
    let condition = try bind("s != \"x\"", over: fields)
    let restricted = try #require(AggregateRegistry().signature(of: "sum")?.call("sum", [number], condition: condition))
    #expect(try everySplit([restricted], columns) == [.int64(31)])
    #expect(throws: RowError.self) { try global([call("sum", number)], columns) }
    let failing = try #require(AggregateRegistry().signature(of: "count")?.call("n", [], condition: bind("s::int64 > 1", over: fields)))
    let error = #expect(throws: RowError.self) { try global([failing], columns) }
    #expect(error?.row == 1)
  }

  /// Another process may send anything in the columns of states.
  @Test(arguments: FuzzSeeds.all) func statesOfOthersNeverTrap(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 12))
    for aggregate in AggregateRegistry.all {
      for type in [DataType.int64, .float64, .string, .bool] {
        guard let call = defined(aggregate.signature, type, condition: nil) else { continue }
        let aggregation = Aggregation(keys: [NamedExpression("k", .column(0, .int64))], aggregates: [call])
        for _ in 0..<20 {
          let rows = generator.random.int(1...12)
          let columns = aggregation.stateSchema.types.enumerated().map { index, type -> Column in
            let values = (0..<rows).map { _ in state(of: type, &generator) }
            return column(type, index == 0 ? (0..<rows).map { .int64(Int64($0 % 3)) } : values)
          }
          let groups = try GroupedAggregator(aggregation)
          groups.merge(Batch(schema: aggregation.stateSchema, columns: columns, rowCount: rows))
          for partial in groups.partialBatches(2) { #expect(partial.schema == aggregation.stateSchema) }
          _ = try? groups.finish()
        }
      }
    }
  }

  private func state(of type: DataType, _ generator: inout ExpressionGenerator) -> Value {
    switch type {
    case .list(let element): .list((0..<generator.random.int(0...9)).map { _ in state(of: element, &generator) })
    case .int64: generator.random.chance(50) ? .int64(Int64(generator.random.int(-3...9))) : generator.value(type)
    default: generator.random.chance(10) ? .null : generator.value(type)
    }
  }
}
