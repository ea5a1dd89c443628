// Aggregation: results by hand, and agreement with a dictionary of values over random data, splits and partial states.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct AggregationTests {
  @Test func noRowsGiveOneRowWithoutKeys() throws {
    let calls = try [call("count"), call("sum", .int64), call("mean", .int64), call("min", .int64), call("std", .int64)]
    let groups = try GroupedAggregator(Aggregation(keys: [], aggregates: calls), inputs: [.int64])
    #expect(try groups.finish().row(0) == [.int64(0), .null, .null, .null, .null])
    let keyed = try GroupedAggregator(
      Aggregation(keys: [NamedExpression("k", .column(0, .int64))], aggregates: calls), inputs: [.int64])
    #expect(try keyed.finish().rowCount == 0)
  }

  @Test func keysThatAreNullNaNOrMinusZero() throws {
    let key = floats(Double.nan, nil, -0.0, 0.0, .nan, nil, -1)
    let groups = try GroupedAggregator(
      Aggregation(keys: [NamedExpression("k", .column(0, .float64))], aggregates: [call("count")]), inputs: [.float64])
    try groups.update([key], rowCount: 7)
    let batch = try groups.finish()
    #expect(batch.columns[0].values.map(\.comparable) == ["float64(-1.0)", "float64(0.0)", "float64(nan)", "null"])
    #expect(batch.columns[1].values == [.int64(1), .int64(2), .int64(2), .int64(2)])
  }

  @Test func failingRowsAreReportedOnce() throws {
    let sum = Expression.call("+", [.column(0, .int64), .literal(.int64(1), .int64)], .int64)
    let groups = try GroupedAggregator(Aggregation(keys: [], aggregates: [call("sum", sum)]), inputs: [.int64])
    #expect { try groups.update([integers(1, .max, .max)], rowCount: 3) } throws: {
      ($0 as? RowError)?.row == 1 && ($0 as? RowError)?.diagnostic.code == .integerOverflow
    }
  }

  @Test func partitionsOfAKeyAreTheSameForEveryEncoding() {
    let keys = texts("a", "b", nil, "a", "", "ccc", "b")
    for count in [1, 2, 7] {
      func partitions(_ keys: Column) -> [[Int32]] {
        let partitions = KeyHash.partitions(of: [keys], rowCount: 7, count: count)
        var rows = (0..<7).map { partitions.rows.pointer[$0] }[...]
        return partitions.counts.map { count in
          defer { rows = rows.dropFirst(count) }
          return Array(rows.prefix(count))
        }
      }
      let plain = partitions(keys)
      let encoded = partitions(keys.dictionaryEncoded() ?? keys)
      #expect(plain == encoded)
      #expect(plain.flatMap { $0 }.sorted() == Array(0..<7))
    }
    // The hash is part of how nodes talk: a change of it must be a decision.
    #expect(KeyHash.hashes(of: [integers(1, 2)], rowCount: 2) == [0x5692_161d_100b_05e5, 0xdbd2_3897_3a2b_148a])
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithReference(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 77))
    for round in 0..<20 { try check(&generator, "seed \(seed) round \(round)") }
  }

  private func check(_ generator: inout ExpressionGenerator, _ label: String) throws {
    let rowCount = generator.random.pick([0, 1, 50, 700])
    let keyTypes = (0..<generator.random.int(0...3)).map { _ in generator.random.pick(ExpressionGenerator.types) }
    let argumentTypes: [DataType] = [.int64, .float64, .string, .bool, .date]
    let types = keyTypes + argumentTypes
    var values = types.map { generator.column($0, rows: rowCount) }
    // Keys that ascend, as a file has them that was sorted by somebody, or for a while.
    if !keyTypes.isEmpty, generator.random.chance(40) {
      let sortedRows = generator.random.chance(70) ? rowCount : rowCount / 2
      let first = values[0].filter { $0 != .null || generator.random.chance(20) }
      let some = first.isEmpty ? [Value.null] : first
      let keys = (0..<sortedRows).map { _ in generator.random.pick(some) }
      values[0] = keys.sorted { ReferenceFunctions.order($0, $1) < 0 } + values[0].dropFirst(sortedRows)
    }
    // Sums of random extremes overflow; that is tested by hand.
    values[keyTypes.count] = values[keyTypes.count].map { value in
      if case .int64(let number) = value { return .int64(number % 1000) }
      return value
    }
    let aggregates: [AggregateCall] = try [
      call("count"), call("count", .string, keyTypes.count + 2), call("sum", .int64, keyTypes.count),
      call("mean", .int64, keyTypes.count), call("min", .int64, keyTypes.count), call("max", .float64, keyTypes.count + 1),
      call("min", .float64, keyTypes.count + 1), call("min", .string, keyTypes.count + 2), call("max", .string, keyTypes.count + 2),
      call("sum", .bool, keyTypes.count + 3), call("max", .bool, keyTypes.count + 3), call("min", .date, keyTypes.count + 4),
    ]
    let aggregation = Aggregation(
      keys: keyTypes.enumerated().map { NamedExpression("k\($0.offset)", .column($0.offset, $0.element)) }, aggregates: aggregates)
    let expected = reference(values, keyCount: keyTypes.count, aggregates)
    // One task, then several tasks that exchange partial states in partitions.
    for taskCount in [1, 3] {
      let partitionCount = taskCount == 1 || keyTypes.isEmpty ? 1 : generator.random.int(1...5)
      let merged = try (0..<partitionCount).map { _ in try GroupedAggregator(aggregation) }
      for task in 0..<taskCount {
        let groups = try GroupedAggregator(aggregation, inputs: types)
        var row = task * rowCount / taskCount
        let end = (task + 1) * rowCount / taskCount
        while row < end {
          let count = min(end - row, generator.random.pick([1, 64, 500]))
          let columns = zip(types, values).map { type, values -> Column in
            let plain = column(type, Array(values[row..<row + count]))
            return generator.random.chance(50) ? plain.dictionaryEncoded() ?? plain : plain
          }
          try groups.update(columns, rowCount: count)
          row += count
        }
        let sorted = groups.sortedPartials()
        #expect(isSorted(sorted, keyTypes.count), "\(label)")
        if partitionCount == 1, generator.random.chance(50) {
          merged[0].merge(sorted)
        } else {
          for (partition, partial) in groups.partialBatches(partitionCount).enumerated() { merged[partition].merge(partial) }
        }
      }
      let finished = try merged.map { try $0.finish() }
      for part in finished { #expect(isSorted(part, keyTypes.count), "\(label)") }
      let actual = finished.flatMap { part in (0..<part.rowCount).map { part.row($0).map(\.comparable) } }.sorted {
        $0.joined() < $1.joined()
      }
      #expect(actual == expected, "\(label) with \(taskCount) tasks")
    }
  }

  private func isSorted(_ batch: Batch, _ keyCount: Int) -> Bool {
    (1..<max(1, batch.rowCount)).allSatisfy { row in
      let orders = (0..<keyCount).map { ReferenceFunctions.order(batch.columns[$0].value(at: row - 1), batch.columns[$0].value(at: row)) }
      return (orders.first { $0 != 0 } ?? 0) < 0 || keyCount == 0
    }
  }

  private func reference(_ values: [[Value]], keyCount: Int, _ calls: [AggregateCall]) -> [[String]] {
    var groups: [String: [Int]] = [:]
    for row in 0..<values[0].count {
      // -0.0 is 0.0 and every NaN is one.
      groups[values.prefix(keyCount).map { $0[row].comparable.replacingMinusZero }.joined(separator: "|"), default: []].append(row)
    }
    if keyCount == 0 && groups.isEmpty { groups[""] = [] }
    return groups.values.map { rows in
      let keys = rows.first.map { row in values.prefix(keyCount).map { $0[row].comparable.replacingMinusZero } } ?? []
      return keys
        + calls.map { call in result(call, Self.argument(call).map { index in rows.map { values[index][$0] } }, rows.count).comparable }
    }.sorted { $0.joined() < $1.joined() }
  }

  private static func argument(_ call: AggregateCall) -> Int? {
    if case .column(let index, _)? = call.arguments.first { return index }
    return nil
  }

  private func result(_ call: AggregateCall, _ argument: [Value]?, _ rowCount: Int) -> Value {
    guard let argument else { return .int64(Int64(rowCount)) }
    let values = argument.filter { !$0.isNull }
    switch call.function {
    case "count": return .int64(Int64(values.count))
    case "min": return values.min { ReferenceFunctions.order($0, $1) < 0 }.map(\.withoutMinusZero) ?? .null
    case "max": return values.max { ReferenceFunctions.order($0, $1) < 0 }.map(\.withoutMinusZero) ?? .null
    case "sum", "mean":
      if values.isEmpty { return .null }
      let sum = values.reduce(Int64(0)) { sum, value in
        switch value {
        case .int64(let number): sum + number
        case .bool(let flag): sum + (flag ? 1 : 0)
        default: sum
        }
      }
      return call.function == "sum" ? .int64(sum) : .float64(Double(sum) / Double(values.count))
    default: return .null
    }
  }
}

extension String {
  fileprivate var replacingMinusZero: String {
    split(separator: "float64(-0.0)", omittingEmptySubsequences: false).joined(separator: "float64(0.0)")
  }
}

extension Value {
  fileprivate var withoutMinusZero: Value { self == .float64(0) ? .float64(0) : self }
}
