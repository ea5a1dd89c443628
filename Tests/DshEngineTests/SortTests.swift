// Sorting agrees with a stable sort by comparison; range partitioning puts every row back in the one order.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct SortTests {
  @Test func nullsLastInBothDirections() {
    let columns = [integers(3, nil, 1, 2)]
    #expect(order(columns, [SortColumn(0, descending: false)]) == [2, 3, 0, 1])
    #expect(order(columns, [SortColumn(0, descending: true)]) == [0, 3, 2, 1])
  }

  @Test func nanAfterEveryNumberAscending() {
    let columns = [floats(Double.nan, 1, nil, .infinity, -0.0, 0.0, -.infinity)]
    #expect(order(columns, [SortColumn(0, descending: false)]) == [6, 4, 5, 1, 3, 0, 2])
    #expect(order(columns, [SortColumn(0, descending: true)]) == [0, 3, 1, 4, 5, 6, 2])
  }

  @Test func textByBytes() {
    let columns = [texts("b", "a", "ab", "a\u{0}", "", "é", "abcdefghi", "abcdefgh", "abcdefg\u{0}", "abcdefg")]
    #expect(order(columns, [SortColumn(0, descending: false)]) == [4, 1, 3, 2, 9, 8, 7, 6, 0, 5])
  }

  @Test func longEqualBeginnings() {
    let start = String(repeating: "x", count: 500)
    let columns = [texts(start + "b", start, start + "a", start + "b")]
    #expect(order(columns, [SortColumn(0, descending: false)]) == [1, 2, 0, 3])
    #expect(order(columns, [SortColumn(0, descending: true)]) == [0, 3, 2, 1])
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithComparison(seed: UInt64) {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for _ in 0..<40 {
      let (columns, keys, rowCount) = table(&generator)
      #expect(order(columns, keys) == reference(columns, keys, rowCount))
    }
  }

  @Test(arguments: FuzzSeeds.all) func rangesOfRunsMakeOneOrder(seed: UInt64) {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for _ in 0..<15 {
      let (columns, keys, rowCount) = table(&generator)
      let schema = Schema(columns.enumerated().map { Field("c\($0.offset)", $0.element.type) })
      var batch = Batch(schema: schema, columns: columns, rowCount: rowCount)
      let expected = batch.gather(RowIndexes(reference(columns, keys, rowCount)))
      // Runs that follow one another, now and then.
      let isSuccessive = generator.random.chance(30)
      if isSuccessive { batch = expected }
      var runs: [Batch] = []
      var start = 0
      while start < rowCount {
        let part = batch.slice(from: start, count: min(rowCount - start, generator.random.int(1...200)))
        runs.append(part.gather(sortIndexes(part.columns, keys: keys, rowCount: part.rowCount)))
        start += part.rowCount
      }
      let samples = runs.flatMap { run in
        let values = RangePartitioning.sampleKeys(run, keys: keys, count: 8)
        return values.map { (values: $0, weight: Double(run.rowCount) / Double(values.count)) }
      }
      let ends = runs.map { run in
        let column = run.columns[keys[0].index]
        return (first: column.value(at: 0), last: column.value(at: run.rowCount - 1))
      }
      let successive = RangePartitioning.boundaries(ofSuccessive: ends, type: schema[keys[0].index].type, key: keys[0])
      #expect(successive != nil || !isSuccessive)
      let boundaries =
        successive
        ?? RangePartitioning.chooseBoundaries(
          samples, types: keys.map { schema[$0.index].type }, keys: keys, partitions: generator.random.int(1...6))
      let points = runs.map { [0] + RangePartitioning.partitionPoints($0, keys: keys, boundaries: boundaries) + [$0.rowCount] }
      let parts = (0...boundaries.count).map { part in
        RangePartitioning.mergeRuns(
          zip(runs, points).map { $0.slice(from: $1[part], count: $1[part + 1] - $1[part]) }, schema: schema, keys: keys)
      }
      let merged = Batch.concatenate(parts, schema: schema)
      #expect(merged.columns.map { $0.values.map(\.comparable) } == expected.columns.map { $0.values.map(\.comparable) })
    }
  }

  @Test func successiveRunsAreToldByWholeTextsAndCutByShortOnes() {
    let start = String(repeating: "x", count: 255)
    let key = SortColumn(0, descending: false)
    let (early, late) = (Value.string(start + "éa"), Value.string(start + "éb"))
    #expect(RangePartitioning.boundaries(ofSuccessive: [], type: .string, key: key) == [])
    #expect(RangePartitioning.boundaries(ofSuccessive: [(early, early), (late, late)], type: .string, key: key) == [[.string(start)]])
    #expect(RangePartitioning.boundaries(ofSuccessive: [(late, late), (early, early)], type: .string, key: key) == nil)
    let descending = SortColumn(0, descending: true)
    let ends = [(first: late, last: late), (first: early, last: .null)]
    #expect(RangePartitioning.boundaries(ofSuccessive: ends, type: .string, key: descending) == [[.string(start)]])
  }

  @Test func boundariesCutEvenly() {
    let values = column(.int64, (0..<1000).map { .int64($0) })
    let run = Batch(schema: Schema([Field("x", .int64)]), columns: [values], rowCount: 1000)
    let keys = [SortColumn(0, descending: false)]
    let samples = RangePartitioning.sampleKeys(run, keys: keys, count: 100).map { (values: $0, weight: 10.0) }
    let boundaries = RangePartitioning.chooseBoundaries(samples, types: [.int64], keys: keys, partitions: 4)
    let points = RangePartitioning.partitionPoints(run, keys: keys, boundaries: boundaries)
    #expect(points.count == 3)
    for (point, wanted) in zip(points, [250, 500, 750]) { #expect(abs(point - wanted) <= 10) }
  }

  private func table(_ generator: inout ExpressionGenerator) -> ([Column], [SortColumn], Int) {
    let rowCount = generator.random.pick([0, 1, 2, 39, 41, 300, 2000])
    let types = (0..<3).map { _ in generator.random.pick(ExpressionGenerator.types) }
    let columns = types.map { type -> Column in
      let plain = column(type, generator.column(type, rows: rowCount))
      return generator.random.chance(50) ? plain.dictionaryEncoded() ?? plain : plain
    }
    let keys = (0..<generator.random.int(1...3)).map { SortColumn($0, descending: generator.random.chance(50)) }
    return (columns, keys, rowCount)
  }

  private func order(_ columns: [Column], _ keys: [SortColumn]) -> [Int32] {
    let rows = sortIndexes(columns, keys: keys, rowCount: columns[0].count)
    return (0..<rows.count).map { rows.pointer[$0] }
  }

  private func reference(_ columns: [Column], _ keys: [SortColumn], _ rowCount: Int) -> [Int32] {
    let values = columns.map(\.values)
    return (0..<Int32(rowCount)).sorted { a, b in
      for key in keys {
        let (x, y) = (values[key.index][Int(a)], values[key.index][Int(b)])
        let result = ReferenceFunctions.order(x, y)
        if result != 0 { return key.descending && !x.isNull && !y.isNull ? result > 0 : result < 0 }
      }
      return a < b
    }
  }
}

extension Value {
  /// A form in which NaN equals itself.
  var comparable: String { "\(self)" }
}
