// Partial groups of several tasks become one row for each group.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct FinalAggregateTests {
  private func aggregation() throws -> Aggregation {
    Aggregation(
      keys: [NamedExpression("k", .column(0, .string))],
      aggregates: [try call("sum", .int64, 1), try call("count"), try call("min", .int64, 1)])
  }

  /// The groups of batches, each of which is the input of a task, merged by one task for each so many partitions.
  private func groups(_ inputs: [Batch], partitionCount: Int, limitBytes: Int = .max) throws -> [[Value]] {
    let aggregation = try aggregation()
    let environment = MemoryEnvironment(limitBytes: limitBytes)
    var slices = [[BlockSlice]](repeating: [], count: partitionCount)
    for input in inputs {
      let report = try runTask(
        environment.source(input), [], PartialAggregate(aggregation, .partitions(partitionCount)), in: environment)
      #expect(report.partitionRows.count == partitionCount)
      let made = try #require(environment.state.made.last)
      #expect(made.schema == aggregation.stateSchema)
      let block = environment.add(made)
      var start = 0
      for (partition, rows) in report.partitionRows.enumerated() {
        slices[partition].append(block.part(start..<start + rows))
        start += rows
      }
      #expect(start == made.rowCount)
    }
    let first = environment.state.made.count
    for partition in slices { try runTask(FinalAggregate(aggregation, inOrder: true).reading(partition), in: environment) }
    #expect(environment.state.heldBytes == 0)
    return environment.state.made[first...].flatMap(\.rows)
  }

  private func row(_ key: String?, _ sum: Int64?, _ count: Int64, _ min: Int64?) -> [Value] {
    [key.map { .string($0) } ?? .null, sum.map { .int64($0) } ?? .null, .int64(count), min.map { .int64($0) } ?? .null]
  }

  @Test(arguments: [1, 2, 16]) func mergesTasks(partitionCount: Int) throws {
    let inputs = [
      batch(texts("x", "y", nil, "x"), integers(1, 2, 3, 4)), batch(texts("y", "z", nil), integers(-5, nil, nil)),
      batch(texts(), integers()),
    ]
    let expected = [row("x", 5, 2, 1), row("y", -3, 2, -5), row("z", nil, 1, nil), row(nil, 3, 2, 3)]
    let rows = try groups(inputs, partitionCount: partitionCount)
    #expect(Set(rows) == Set(expected))
    #expect(rows.count == expected.count)
    // Within one task groups are in order of their keys.
    if partitionCount == 1 { #expect(rows == expected) }
  }

  @Test func noInput() throws { #expect(try groups([], partitionCount: 1).isEmpty) }

  @Test func withoutKeysThereIsOneRow() throws {
    let environment = MemoryEnvironment()
    try runTask(FinalAggregate(Aggregation(keys: [], aggregates: [try call("count")]), inOrder: false), in: environment)
    #expect(environment.rows == numbers([[0]]))
  }

  @Test func aStoreThatIsTooSmall() throws {
    let error = #expect(throws: Diagnostic.self) { try groups([batch(texts("x"), integers(1))], partitionCount: 1, limitBytes: 8) }
    #expect(error?.code == .storeFull)
  }

  /// An error in an argument is one of a row of the task, behind the steps.
  @Test func errorsOfArgumentsHaveRows() throws {
    let fields = [Field("a", DataType.int64)]
    let sum = try call("sum", try bind("9223372036854775807 + a", over: fields))
    let environment = MemoryEnvironment()
    let error = #expect(throws: Diagnostic.self) {
      try runTask(
        environment.source(batch(integers(0, 0, 1))), [], PartialAggregate(Aggregation(keys: [], aggregates: [sum]), .partitions(1)),
        batchRows: 1, in: environment)
    }
    #expect(error?.row?.row == 2)
    #expect(error?.row?.step == 0)
  }
}
