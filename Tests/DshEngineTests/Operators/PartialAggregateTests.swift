// Tasks make groups of rows, or leave that to whoever merges them where hardly any rows share one.

import DshColumns
import DshEngine
import DshPlan
import Testing

@Suite struct PartialAggregateTests {
  private func aggregation(_ key: DataType) throws -> Aggregation {
    Aggregation(
      keys: [NamedExpression("k", .column(0, key)), NamedExpression("l", .column(1, .int64))],
      aggregates: [try call("count"), try call("sum", .int64, 2), try call("max", .int64, 2), try call("first", .int64, 2)])
  }

  /// Rows of which each so many share a key; some keys and values are null.
  private func rows(_ count: Int, sharing: Int, text: Bool, from first: Int = 0) -> Batch {
    let numbers = (first..<first + count).map { $0 / sharing * 7919 % 1_000_003 }
    let keys = text ? texts(numbers.map { $0 % 101 == 0 ? nil : "key \($0)" }) : integers(numbers.map { $0 % 101 == 0 ? nil : Int64($0) })
    return batch(keys, integers(numbers.map { Int64($0 % 3) }), integers((first..<first + count).map { $0 % 13 == 0 ? nil : Int64($0) }))
  }

  private func integers(_ values: [Int64?]) -> Column { column(.int64, values.map { $0.map { .int64($0) } ?? .null }) }
  private func texts(_ values: [String?]) -> Column { column(.string, values.map { $0.map { .string($0) } ?? .null }) }

  private func expected(_ inputs: [Batch]) -> Set<[Value]> {
    struct Group { var count = 0, sum: Int64?, greatest: Int64?, first: Value? }
    var groups: [[Value]: Group] = [:]
    for row in inputs.flatMap(\.rows) {
      var group = groups[Array(row.prefix(2))] ?? Group()
      group.count += 1
      if group.first == nil { group.first = row[2] }
      if case .int64(let value) = row[2] {
        group.sum = (group.sum ?? 0) + value
        group.greatest = max(group.greatest ?? value, value)
      }
      groups[Array(row.prefix(2))] = group
    }
    return Set(
      groups.map { key, group in
        key + [
          .int64(Int64(group.count)), group.sum.map { .int64($0) } ?? .null, group.greatest.map { .int64($0) } ?? .null,
          group.first ?? .null,
        ]
      })
  }

  @Test(arguments: [false, true]) func rowsInPlaceOfGroups(text: Bool) throws {
    let aggregation = try aggregation(text ? .string : .int64)
    // Hardly any rows share a key; many do; the first ones hardly do, the others do.
    let shared = rows(20_000, sharing: 50, text: text)
    let late = Batch.concatenate([rows(20_000, sharing: 1, text: text), rows(60_000, sharing: 400, text: text)], schema: shared.schema)
    let inputs = [rows(70_000, sharing: 1, text: text), shared, late, rows(1000, sharing: 1, text: text, from: 65_000)]
    for (batchRows, partitionCount) in [(8192, 5), (1000, 1), (100_000, 64)] {
      let environment = MemoryEnvironment()
      var slices = [[BlockSlice]](repeating: [], count: partitionCount)
      var madeRows: [Bool] = []
      for input in inputs {
        let report = try runTask(
          environment.source(input), [], PartialAggregate(aggregation, .partitions(partitionCount)), batchRows: batchRows, in: environment)
        let made = try #require(environment.state.made.last)
        madeRows.append(made.schema != aggregation.stateSchema)
        let block = environment.add(made)
        var start = 0
        for (partition, rows) in report.partitionRows.enumerated() {
          if rows > 0 { slices[partition].append(block.part(start..<start + rows)) }
          start += rows
        }
        #expect(start == made.rowCount && report.partitionRows.count == partitionCount)
      }
      #expect(madeRows == [true, false, batchRows < 100_000, false])
      let first = environment.state.made.count
      for partition in slices { try runTask(FinalAggregate(aggregation, inOrder: false).reading(partition), in: environment) }
      let rows = environment.state.made[first...].flatMap(\.rows)
      #expect(Set(rows) == expected(inputs) && Set(rows).count == rows.count)
      #expect(environment.state.heldBytes == 0)
    }
  }

  /// Conditions, keys in order and groups in order keep to groups.
  @Test func groupsAllTheSame() throws {
    let unique = rows(20_000, sharing: 1, text: false)
    let sorted = batch(integers((0..<20_000).map { Int64($0) }), integers(Array(repeating: 1, count: 20_000)))
    let key = [NamedExpression("k", Expression.column(0, .int64))]
    var counted = try call("sum", .int64, 1)
    counted.condition = try bind("b > 0", over: [Field("a", .int64), Field("b", .int64)])
    let cases: [(Batch, Aggregation, PartialAggregate.Layout)] = [
      (unique, Aggregation(keys: key, aggregates: [counted]), .partitions(4)),
      (sorted, Aggregation(keys: key, aggregates: [try call("count")]), .partitions(4)),
      (unique, Aggregation(keys: key, aggregates: [try call("count")]), .sorted),
    ]
    for (input, aggregation, layout) in cases {
      let environment = MemoryEnvironment()
      try runTask(environment.source(input), [], PartialAggregate(aggregation, layout), batchRows: 8192, in: environment)
      #expect(environment.state.made.last?.schema == aggregation.stateSchema)
    }
  }
}
