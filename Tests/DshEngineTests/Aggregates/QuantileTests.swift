// `quantile`: exact, whatever the batches and the tasks.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct QuantileTests {
  private func quantile(_ share: Double, _ index: Int = 0) throws -> AggregateCall {
    try call("quantile", .column(index, .float64), constants: [.float64(share)])
  }

  @Test func interpolates() throws {
    let calls = try [0, 0.25, 0.5, 0.9, 1].map { try quantile($0) }
    let expected: [Value] = [.float64(1), .float64(1.75), .float64(2.5), .float64(3.7), .float64(4)]
    for (batchRows, batchesPerTask) in [(9, 1), (1, 1), (2, 2)] {
      #expect(try global(calls, [floats(4, nil, 1, 3, 2)], batchRows: batchRows, batchesPerTask: batchesPerTask) == expected)
    }
  }

  @Test func fewValues() throws {
    #expect(try global([quantile(0.3)], [floats(nil, nil)]) == [.null])
    #expect(try global([quantile(0.3)], [floats()]) == [.null])
    #expect(try global([quantile(0.3)], [floats(7)]) == [.float64(7)])
    #expect(try global([quantile(0.3), quantile(1)], [floats(0.1, 0.1)]) == [.float64(0.1), .float64(0.1)])
  }

  @Test func infinitiesAndNaN() throws {
    let columns = [floats(Double.nan, -.infinity, 1, .infinity)]
    #expect(
      try global([quantile(0), quantile(1.0 / 3), quantile(0.5)], columns) == [.float64(-.infinity), .float64(1), .float64(.infinity)])
    guard case .float64(let last) = try global([quantile(1)], columns)[0] else { return #expect(Bool(false)) }
    #expect(last.isNaN)
  }

  @Test func constantsAreChecked() throws {
    let signature = try #require(AggregateRegistry().signature(of: "quantile"))
    let x = Expression.column(0, .float64)
    for constants: [Value] in [[], [.null], [.float64(-0.1)], [.float64(1.1)], [.float64(.nan)], [.int64(1)], [.float64(0), .float64(0)]] {
      #expect(signature.call("q", [x], constants: constants) == nil)
    }
    #expect(signature.call("q", [.column(0, .string)], constants: [.float64(0)]) == nil)
    var writer = ByteWriter()
    writer.write(Aggregation(keys: [], aggregates: [try quantile(0.5)]))
    for position in writer.bytes.indices {
      var bytes = writer.bytes
      bytes[position] ^= 0x40
      var reader = ByteReader(bytes)
      if let aggregation = try? reader.readAggregation(AggregateRegistry()) { _ = try GroupedAggregator(aggregation).finish() }
    }
  }

  /// One state serves all shares, and states may come in any number, with nulls.
  @Test func statesOfOtherProcesses() throws {
    let aggregation = Aggregation(keys: [NamedExpression("k", .column(1, .int64))], aggregates: [try quantile(0.5), try quantile(1)])
    #expect(aggregation.stateSchema.types == [.int64, .list(.float64), .list(.float64)])
    let groups = try GroupedAggregator(aggregation)
    let lists = column(.list(.float64), [.list([.float64(3), .null, .float64(1)]), .null, .list([]), .list([.float64(2)])])
    let keys = integers(1, 1, 2, 1)
    groups.merge(Batch(schema: aggregation.stateSchema, columns: [keys, lists, lists], rowCount: 4))
    let result = try groups.finish()
    #expect((0..<2).map { result.row($0) } == [[.int64(1), .float64(2), .float64(3)], [.int64(2), .null, .null]])
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithSorting(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 9))
    for _ in 0..<5 {
      let rowCount = generator.random.pick([1, 63, 64, 65, 3000])
      let spread = generator.random.pick([3, 1000, 1_000_000])
      let numbers = (0..<rowCount).map { _ in Double(generator.random.int(-spread...spread)) / 8 }
      let keys = (0..<rowCount).map { _ in Int64(generator.random.int(0...2)) }
      let shares = [0, 0.1, 0.5, 0.99, 1]
      let aggregation = Aggregation(
        keys: [NamedExpression("k", .column(1, .int64))], aggregates: try shares.map { try quantile($0) })
      let merged = try GroupedAggregator(aggregation)
      for start in stride(from: 0, to: rowCount, by: 700) {
        let task = try GroupedAggregator(aggregation, inputs: [.float64, .int64])
        let range = start..<min(start + 700, rowCount)
        let columns = [column(.float64, range.map { .float64(numbers[$0]) }), column(.int64, range.map { .int64(keys[$0]) })]
        try task.update(columns, rowCount: range.count)
        for partial in task.partialBatches(1) { merged.merge(partial) }
      }
      let result = try merged.finish()
      for row in 0..<result.rowCount {
        guard case .int64(let key) = result.row(row)[0] else { continue }
        let sorted = zip(numbers, keys).filter { $1 == key }.map(\.0).sorted()
        let expected = shares.map { share -> Value in
          let place = share * Double(sorted.count - 1)
          let (low, high) = (sorted[Int(place.rounded(.down))], sorted[Int(place.rounded(.up))])
          let rest = place - place.rounded(.down)
          return .float64(rest == 0 || low == high ? low : low * (1 - rest) + high * rest)
        }
        #expect(Array(result.row(row).dropFirst()) == expected, "seed \(seed)")
      }
    }
  }
}
