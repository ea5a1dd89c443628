// The first rows in an order agree with a plain sort, whatever the types, keys and batches.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct TopRowsTests {
  @Test(arguments: FuzzSeeds.all) func agreesWithAPlainSort(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for _ in 0..<15 {
      let whole = table(&generator)
      let keys = (0..<generator.random.int(1...3)).map { SortColumn($0, descending: generator.random.chance(50)) }
      let count = generator.random.pick([0, 1, 2, 3, 10, 100, 5000])
      try check(whole, keys, count, batchRows: generator.random.pick([1, 7, 64, 1000]))
    }
  }

  /// Each type alone, in both directions, with more rows than wait for being sorted, so that the threshold is at work.
  @Test(arguments: ExpressionGenerator.types) func everyTypeAndDirection(type: DataType) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: 99))
    for descending in [false, true] {
      for nullPercent in [0, 30, 100] {
        let values = (0..<1500).map { _ in generator.value(type, nullPercent: nullPercent) }
        let numbers = column(.int64, (0..<1500).map { .int64($0) })
        let whole = batch(column(type, values), numbers)
        try check(whole, [SortColumn(0, descending: descending)], 5, batchRows: 100)
        try check(whole, [SortColumn(0, descending: descending), SortColumn(1, descending: true)], 5, batchRows: 100)
      }
    }
  }

  @Test func numbersThatAreNone() throws {
    let values: [Double?] = [.nan, 1, nil, .infinity, -0.0, 0.0, -.infinity, .nan, nil, 5]
    let whole = batch(column(.float64, values.map { $0.map { .float64($0) } ?? .null }))
    for descending in [false, true] {
      for count in 0...values.count { try check(whole, [SortColumn(0, descending: descending)], count, batchRows: 1) }
    }
  }

  @Test func tiesKeepTheirOrder() throws {
    let whole = batch(integers(1, 1, 0, 1, 0, 0), integers(0, 1, 2, 3, 4, 5))
    let environment = MemoryEnvironment()
    let report = try runTask(
      environment.source(whole), [], TopRows([SortColumn(0, descending: false)], count: 4), batchRows: 1, in: environment)
    #expect(environment.rows == numbers([[0, 2], [0, 4], [0, 5], [1, 0]]))
    #expect(report.rows == 4)
  }

  @Test func noKeysAreRefused() {
    let environment = MemoryEnvironment()
    let error = #expect(throws: Diagnostic.self) {
      try runTask(environment.source(batch(integers(1))), [], TopRows([], count: 1), in: environment)
    }
    #expect(error?.code == .badPlan)
  }

  private func table(_ generator: inout ExpressionGenerator) -> Batch {
    let rowCount = generator.random.pick([0, 1, 2, 39, 300, 2000])
    return batch(
      (0..<3).map { _ in
        let type = generator.random.pick(ExpressionGenerator.types)
        let plain = column(type, generator.column(type, rows: rowCount))
        return generator.random.chance(50) ? plain.dictionaryEncoded() ?? plain : plain
      })
  }

  private func check(_ whole: Batch, _ keys: [SortColumn], _ count: Int, batchRows: Int) throws {
    let expected = whole.gather(sortIndexes(whole.columns, keys: keys, rowCount: whole.rowCount).prefix(count))
    // Where others come before some value, rows behind it may be left out; of those up to it none.
    let bounds: [Value?] =
      [nil]
      + [0, expected.rowCount / 2, expected.rowCount - 1].compactMap { row in
        row >= 0 && row < expected.rowCount ? expected.columns[keys[0].index].value(at: row) : nil
      }.filter { $0 != .null }
    for bound in bounds {
      let environment = MemoryEnvironment()
      try runTask(environment.source(whole), [], TopRows(keys, count: count, bound: bound), batchRows: batchRows, in: environment)
      let made = try #require(environment.state.made.first)
      let wanted = expected.rows.prefix { row in
        guard let bound else { return true }
        let order = ReferenceFunctions.order(row[keys[0].index], bound)
        return row[keys[0].index] != .null && (keys[0].descending ? order >= 0 : order <= 0)
      }
      let label = "\(whole.schema) \(keys) \(count) \(String(describing: bound))"
      #expect(made.rows.map { $0.map(\.comparable) } == wanted.map { $0.map(\.comparable) }, "\(label)")
    }
  }
}
