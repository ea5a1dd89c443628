// Tasks survive their bytes, and no bytes trap who reads them and makes ready what they say.

import DshColumns
import DshFormats
import DshPlan
import DshSystem
import Testing

@testable import DshEngine

@Suite struct TaskSpecTests {
  private let fields = [Field("a", DataType.int64), Field("b", .string), Field("c", .list(.date))]
  private var schema: Schema { Schema(fields) }

  private var sources: [any SourceSpec] {
    get throws {
      let block = BlockRef(id: BlockID(task: 3, ordinal: 1), node: 2, epoch: 1, byteCount: 640, rows: 10)
      let slices = [BlockSlice(block), BlockSlice(block, rows: 3..<7)]
      let identity = try #require(FileIdentity(numbers: [3, -1, 10, 5, .max]))
      let scan = FileScan(
        format: "csv", path: "/nowhere/x.csv", name: "x.csv", identity: identity, layout: [1, 2, 3], schema: schema, wanted: [2, 0],
        bytes: 5..<70, startIsExact: false)
      let columns: [ReadColumn] = [.scanned(1), .missing(.string), .scanned(0), .constant(.string("x"), .string)]
      let split = ReadSplit(scan, columns: columns, names: ["a", "b", "c", "d"])
      var (alike, other) = (split, split)
      alike.scan.path = "/nowhere/é.csv"
      alike.columns[3] = .constant(.null, .string)
      other.scan.isAssumed = true
      return [
        split, ReadFiles([split, alike, other]),
        NumberRange(start: -5, step: 3, count: 12), BlockRows(schema, slices[1]), MergeRuns(schema, keys: keys, limit: 4, slices),
        LiteralRows(schema, [[.int64(1), .string("x"), .list([.date(1), .null])], [.null, .null, .null]]),
        FinalAggregate(try aggregation(), inOrder: true, slices), CopyBlock(block),
        FinalDistinct(schema, keys: [0, 1]).reading(slices, of: [2, 5]), BuildHashTable(schema, keys: [1, 0]).reading(slices),
        BuildSortedTable(schema, keys: [1, 0]).reading(slices),
        ConcatenateRows(schema, slices), ZipRows(schema, schema, left: slices[0], right: [slices[1], slices[1]]),
        ComputeWindows(schema, window, inOrder: true).reading(slices, of: [2, 5]),
        PulledPartitions(schema, placesRows: true).reading(slices, of: [2, 5]),
      ]
    }
  }

  private var window: Window {
    Window(
      keys: [1], order: [SortColumn(0, descending: true)],
      calls: [
        WindowCall(name: "r", function: "rank", arguments: [], constants: [], frame: .whole, type: .int64),
        WindowCall(name: "s", function: "sum", arguments: [0], constants: [], frame: WindowFrame(before: 2, after: nil), type: .int64),
        WindowCall(name: "l", function: "lag", arguments: [2], constants: [.int64(2)], frame: .whole, type: .list(.date)),
      ])
  }

  private var keys: [SortColumn] { [SortColumn(1, descending: true), SortColumn(0, descending: false)] }

  private func aggregation() throws -> Aggregation {
    Aggregation(
      keys: [NamedExpression("k", try bind("upper(b)", over: fields))],
      aggregates: [try call("sum", try bind("a * 2", over: fields)), try call("count"), try call("min", .string, 1)])
  }

  private var sinks: [any SinkSpec] {
    get throws {
      [
        MakeBlock(limit: 3), PartialAggregate(try aggregation(), .partitions(16)), SortRun(keys),
        TopRows(keys, count: 3, bound: .string("x")),
        EncodeText(format: "csv"), SelectRows(2..<5), KeepEnds(first: 3, last: 4), CountRows(limit: 9),
        PartialDistinct([1], partitionCount: 16), PartialAggregate(try aggregation(), .sorted),
        LastValues([2, 0]), PartitionRows([1, 0], partitionCount: 5, keepsNulls: true, numbersRows: true),
        TopRun([keys[1]], order: [keys[0]], count: 2),
      ]
    }
  }

  private var steps: [any StepSpec] {
    get throws {
      let block = BlockRef(id: BlockID(task: 4, ordinal: 1), node: 1, epoch: 1, byteCount: 640, rows: 10)
      let join = Join(.left, leftKeys: [0], rightKeys: [0], rightColumns: [Join.RightColumn(1, name: "d")])
      return [
        Filter(try bind("a > 1.5 and b ~ \"^x\" or length(c) == 2", over: fields)),
        Project([
          NamedExpression("a", try bind("case(a > 1, a + 1, a < 0, -a)", over: fields)),
          NamedExpression("b", try bind("b ++ \"x\" ?? \"none\"", over: fields)), NamedExpression("c", .column(2, .list(.date))),
        ]),
        NumberRows("n", from: -3).starting(atRow: 7), AddRandomKeys("r", seed: 5).starting(atRow: 7),
        SampleRows(from: 0.25, to: 0.75, seed: 5).starting(atRow: 7),
        FillDown([1, 2], keys: [0]).continuing(after: [.string("x"), .list([.date(1), .null])]), FirstOfEach([0, 1], count: 2),
        FlatMap(NamedExpression("c", .column(2, .list(.date)))), MeltColumns([0, 3], name: "name", value: "value"),
        RunProgram(ProgramCall("cat", folder: "/tmp", format: "csv", batchRows: 7, schema: schema, isSchemaGiven: true)),
        ProbeSortedTable(
          AsOfJoin(.less, leftKeys: [1, 0], rightKeys: [1, 0], rightColumns: [Join.RightColumn(1, name: "d")]), tableSchema: schema,
          partitionCount: 16
        ).reading([BlockSlice(block)], of: [2], producerCount: 3),
        ProbeHashTable(join, tableSchema: schema, partitionCount: 16).reading([BlockSlice(block)], of: [2], producerCount: 3),
      ]
    }
  }

  private var tasks: [TaskSpec] {
    get throws {
      let (sources, steps, sinks) = (try sources, try steps, try sinks)
      return (0..<max(sources.count, sinks.count)).map {
        TaskSpec(source: sources[$0 % sources.count], steps: steps, sink: sinks[$0 % sinks.count], batchRows: 8192)
      }
    }
  }

  @Test func roundTrip() throws {
    for task in try tasks { #expect(try TaskSpec(decoding: task.bytes).bytes == task.bytes) }
  }

  @Test func everyOperatorIsThere() throws {
    let tasks = try tasks
    #expect(Set(tasks.map { type(of: $0.source).name }).count == OperatorRegistry.sources.count)
    #expect(Set(tasks.map { type(of: $0.sink).name }).count == OperatorRegistry.sinks.count)
    #expect(Set(tasks[0].steps.map { type(of: $0).name }).count == OperatorRegistry.steps.count)
  }

  @Test func cutsAreRefused() throws {
    for bytes in try tasks.map(\.bytes) {
      for length in 0..<bytes.count { #expect(throws: (any Error).self) { try TaskSpec(decoding: Array(bytes.prefix(length))) } }
      #expect(throws: (any Error).self) { try TaskSpec(decoding: bytes + [0]) }
    }
  }

  @Test(arguments: FuzzSeeds.all) func mutationsNeverTrap(seed: UInt64) throws {
    for bytes in try tasks.map(\.bytes) {
      for changed in mutations(of: bytes, seed: seed, count: 300) {
        guard let task = try? TaskSpec(decoding: changed) else { continue }
        try? makeReady(task)
      }
    }
  }

  /// Everything that is made of a task before rows flow, and the rows of sources that need nobody else.
  private func makeReady(_ task: TaskSpec) throws {
    _ = (task.source.schema, task.source.sizeBytes, task.source.knownRows, task.source.inputs, task.source.counting)
    _ = task.bytes
    if let filter = task.steps.first as? Filter { _ = task.source.canApply(filter.predicate) }
    let environment = MemoryEnvironment()
    let steps = try StepChain(task.steps, over: task.source.schema, firstStep: 0, environment)
    let sink = try task.sink.open(over: steps.schema, step: task.steps.count, environment)
    let source = try task.source.open(filter: nil, batchRows: task.batchRows, environment)
    guard let batch = try source.next() else { return }
    _ = try steps.apply(batch, sink.append)
    var report = TaskReport()
    try sink.finish(&report)
  }
}
