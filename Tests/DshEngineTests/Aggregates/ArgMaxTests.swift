// `arg_max`: the first row with the greatest value, whatever the types, the batches and the tasks.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct ArgMaxTests {
  private func argMax(_ x: DataType, by order: DataType) throws -> [AggregateCall] {
    [try call("arg_max", .column(0, x), .column(1, order))]
  }

  @Test func firstOfTheGreatestWins() throws {
    let columns = [texts("a", "b", "c", "d"), integers(1, 3, 3, 2)]
    for (batchRows, batchesPerTask) in [(4, 1), (1, 1), (1, 4), (2, 1), (3, 1)] {
      #expect(
        try global(argMax(.string, by: .int64), columns, batchRows: batchRows, batchesPerTask: batchesPerTask) == [.string("b")])
    }
  }

  @Test func nulls() throws {
    #expect(try global(argMax(.string, by: .int64), [texts("a", nil, "c"), integers(1, 3, nil)]) == [.null])
    #expect(try global(argMax(.string, by: .int64), [texts("a", "b"), integers(nil, nil)]) == [.null])
    #expect(try global(argMax(.string, by: .int64), [texts(), integers()]) == [.null])
    #expect(try global(argMax(.string, by: .null), [texts("a"), column(.null, [.null])]) == [.null])
    #expect(try global(argMax(.null, by: .int64), [column(.null, [.null]), integers(1)]) == [.null])
  }

  @Test func types() {
    for x in [DataType.string, .list(.int64), .structure([Field("a", .bool)]), .null] { #expect(resultType("arg_max", x, .date) == x) }
    #expect(resultType("arg_max", .int64, .list(.int64)) == nil && resultType("arg_max", .int64) == nil)
  }

  /// NaN is larger than every number, as for `max`.
  @Test func notANumberIsTheGreatest() throws {
    #expect(try global(argMax(.int64, by: .float64), [integers(1, 2, 3), floats(5, Double.nan, 7)]) == [.int64(2)])
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithReference(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 5))
    let valueTypes: [DataType] = [.string, .int64, .bool, .list(.string), .structure([Field("a", .int64), Field("b", .string)])]
    for _ in 0..<8 {
      let types = [generator.random.pick(valueTypes), generator.random.pick([DataType.int64, .float64, .string, .bool, .date]), .int64]
      let rowCount = generator.random.pick([1, 50, 700])
      let groupCount = generator.random.pick([1, 5, 400])
      var values = types.map { type in generator.column(type, rows: rowCount) }
      values[2] = (0..<rowCount).map { _ in .int64(Int64(generator.random.int(0...groupCount - 1))) }
      let aggregation = Aggregation(keys: [NamedExpression("k", .column(2, .int64))], aggregates: try argMax(types[0], by: types[1]))
      let merged = try GroupedAggregator(aggregation)
      var task = try GroupedAggregator(aggregation, inputs: types)
      var row = 0
      while row < rowCount {
        let count = min(rowCount - row, generator.random.pick([1, 7, 64, 300]))
        let columns = zip(types, values).map { type, values -> Column in
          let plain = column(type, Array(values[row..<row + count]))
          return generator.random.chance(50) ? plain.dictionaryEncoded() ?? plain : plain
        }
        try task.update(columns, rowCount: count)
        row += count
        guard row == rowCount || generator.random.chance(30) else { continue }
        for partial in task.partialBatches(1) { merged.merge(partial) }
        task = try GroupedAggregator(aggregation, inputs: types)
      }
      let result = try merged.finish()
      let actual = (0..<result.rowCount).map { result.row($0).map(\.comparable) }
      #expect(actual == reference(values), "seed \(seed)")
    }
  }

  private func reference(_ values: [[Value]]) -> [[String]] {
    var leaders: [Int64: Int?] = [:]
    for (row, key) in values[2].enumerated() {
      guard case .int64(let key) = key else { continue }
      let leader = leaders[key] ?? nil
      leaders[key] = .some(leader)
      if values[1][row].isNull { continue }
      guard let leader, ReferenceFunctions.order(values[1][row], values[1][leader]) <= 0 else {
        leaders[key] = row
        continue
      }
    }
    return leaders.sorted { $0.key < $1.key }.map { key, row in
      [Value.int64(key).comparable, (row.map { values[0][$0] } ?? .null).comparable]
    }
  }
}
