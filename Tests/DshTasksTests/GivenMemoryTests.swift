// Real tasks over memory that is given: what they make of blocks and bundles, and how they fail.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshSystem
import Testing

@testable import DshTasks

/// Runs tasks as the processes of somebody else would: all that passes between them is bytes.
struct Worker {
  var memoryBytes = 1 << 30
  var isCancelled = false

  /// What a task makes of its inputs.
  func run(
    _ source: any SourceSpec, _ steps: [any StepSpec] = [], _ sink: any SinkSpec = MakeBlock(), task: UInt64 = 1,
    _ inputs: [(GivenInput, Buffer)] = []
  ) throws -> (report: TaskReport, block: BlockRef, memory: Buffer) {
    let spec = TaskSpec(source: source, steps: steps, sink: sink, batchRows: 7).bytes
    let request = TaskRequest(task: task, node: "node1", memoryBytes: memoryBytes, spec: spec, inputs: inputs.map(\.0))
    let (report, made, memory) = try answer(.run(request), inputs.map(\.1))
    var reader = ByteReader(report)
    let block = BlockRef(
      id: BlockID(task: task, ordinal: 0), node: 1, epoch: 0, byteCount: made?.byteCount ?? 0, rows: made?.rows ?? 0)
    return (try reader.readTaskReport(), block, memory)
  }

  /// Rows of blocks as one bundle.
  func cut(_ slices: [BlockSlice], _ memories: [BlockID: Buffer]) throws -> Buffer {
    let blocks = memories.keys.sorted()
    let cuts = slices.map { CutSlice(block: $0.block.id, firstRow: $0.rows.lowerBound, rowCount: $0.rows.count) }
    let (_, made, memory) = try answer(.cut(cuts, blocks: blocks), blocks.compactMap { memories[$0] })
    #expect(made?.rows == slices.reduce(0) { $0 + $1.rows.count })
    return memory
  }

  private func answer(_ request: LibraryRequest, _ memories: [Buffer]) throws -> ([UInt8], MadeBytes?, Buffer) {
    let isCancelled = isCancelled
    let answer = TaskLibrary.answer(request.encoded(), memories: memories) { isCancelled }
    switch try LibraryOutcome(decoding: answer.outcome.encoded()) {
    case .done(let report, let made, let nanoseconds):
      #expect(nanoseconds >= 0)
      #expect(made?.byteCount == answer.made?.byteCount)
      return (report, made, answer.made.map(laidOut) ?? .empty)
    case .failed(let diagnostic, _): throw diagnostic
    case .inspected: throw Diagnostic(.unexpected, "an answer to another question")
    }
  }
}

func rows(_ memory: Buffer) throws -> [[Value]] {
  try withExtendedLifetime(memory) { try BlockFormat.decode(memory.bytes, owner: nil).rows }
}

/// A call of an aggregate.
func call(_ aggregate: String, _ arguments: Expression...) throws -> AggregateCall {
  try #require(AggregateRegistry().signature(of: aggregate)?.call(aggregate, arguments, constants: []))
}

@Suite struct GivenMemoryTests {
  private let worker = Worker()

  private func numbers(_ count: Int, times: Int64 = 1) -> Batch {
    batch(column(.int64, (0..<Int64(count)).map { .int64($0 % 5) }), column(.int64, (0..<Int64(count)).map { .int64($0 * times) }))
  }

  @Test func aFileBecomesGroupsOfBundles() throws {
    let text = "n,name\n" + (0..<200).map { "\($0),name \($0 % 3)\n" }.joined()
    let file = try TemporaryFile(suffix: ".csv", contents: Array(text.utf8))
    let inspected = try inspect([FileToRead(path: file.path, format: FormatRegistry.named("csv"))], options: ReadOptions(), attempts: 3)[0]
    let description = inspected.description
    let aggregation = Aggregation(
      keys: [NamedExpression("name", .column(1, .string))], aggregates: [try call("sum", .column(0, .int64)), try call("count")])
    let (start, end) = (description.dataStart, text.utf8.count)
    var memories: [BlockID: Buffer] = [:]
    var partitions = [[BlockSlice]](repeating: [], count: 4)
    for (index, bytes) in [start..<start + 900, start + 900..<end].enumerated() {
      let scan = FileScan(
        format: "csv", path: file.path, identity: inspected.identity, layout: description.layout, schema: description.schema,
        wanted: [0, 1], bytes: bytes, startIsExact: index == 0)
      let split = ReadSplit(scan, columns: [.scanned(0), .scanned(1)], names: ["n", "name"])
      let made = try worker.run(split, [], PartialAggregate(aggregation, .partitions(4)), task: UInt64(index + 1))
      memories[made.block.id] = made.memory
      var first = 0
      for (partition, count) in made.report.partitionRows.enumerated() {
        partitions[partition].append(BlockSlice(made.block, rows: first..<first + count))
        first += count
      }
    }
    let groups = try partitions.flatMap { slices in
      let bundle = try worker.cut(slices, memories)
      return try rows(worker.run(FinalAggregate(aggregation, inOrder: true).reading(slices), task: 9, [(.bundle, bundle)]).memory)
    }
    let expected = (0..<3).map { name -> [Value] in
      let members = (0..<200).filter { $0 % 3 == name }
      return [.string("name \(name)"), .int64(Int64(members.reduce(0, +))), .int64(Int64(members.count))]
    }
    #expect(Set(groups) == Set(expected))
    #expect(groups.count == 3)
  }

  @Test func aJoinWithATable() throws {
    let (left, right) = (numbers(40), numbers(3, times: 10))
    let rightBlock = BlockRef(id: BlockID(task: 1, ordinal: 0), node: 1, epoch: 0, byteCount: 1, rows: 3)
    let leftBlock = BlockRef(id: BlockID(task: 2, ordinal: 0), node: 1, epoch: 0, byteCount: 1, rows: 40)
    let bundle = try worker.cut([BlockSlice(rightBlock)], [rightBlock.id: laidOut(right)])
    let table = try worker.run(
      BuildHashTable(right.schema, keys: [0]).reading([BlockSlice(rightBlock)]), task: 3, [(.bundle, bundle)])
    let join = Join(.inner, leftKeys: [0], rightKeys: [0], rightColumns: [Join.RightColumn(1, name: "c")])
    let probe = ProbeHashTable(join, tableSchema: right.schema, partitionCount: 16).reading(
      [BlockSlice(table.block)], of: [0], producerCount: 1)
    let joined = try worker.run(
      BlockRows(left.schema, BlockSlice(leftBlock, rows: 5..<35)), [probe], task: 4,
      [(.block(leftBlock.id), laidOut(left)), (.block(table.block.id), table.memory)])
    let expected = (5..<35).filter { $0 % 5 < 3 }.map { (row: Int) -> [Value] in
      [row % 5, row, row % 5 * 10].map { Value.int64(Int64($0)) }
    }
    #expect(try rows(joined.memory) == expected)
    #expect(joined.report.rows == joined.block.rows)
  }

  @Test func operatorsHoldNoMoreThanTheyMay() throws {
    let error = #expect(throws: Diagnostic.self) {
      try Worker(memoryBytes: 64).run(NumberRange(start: 0, step: 1, count: 1000))
    }
    #expect(error?.code == .storeFull)
    #expect(try Worker(memoryBytes: 64).run(NumberRange(start: 0, step: 1, count: 1000), [], CountRows(limit: .max)).report.rowsOut == 1000)
  }

  @Test func rowsThatDidNotCome() throws {
    let block = BlockRef(id: BlockID(task: 1, ordinal: 0), node: 1, epoch: 0, byteCount: 1, rows: 40)
    let memory = laidOut(numbers(40))
    let bundle = try worker.cut([BlockSlice(block, rows: 5..<10), BlockSlice(block, rows: 20..<40)], [block.id: memory])
    let schema = numbers(0).schema
    func taken(_ range: Range<Int>) throws -> Int {
      try worker.run(BlockRows(schema, BlockSlice(block, rows: range)), [], task: 2, [(.bundle, bundle)]).block.rows
    }
    #expect(try taken(5..<10) == 5)
    #expect(try taken(39..<40) == 1)
    #expect(try taken(7..<7) == 0)
    for lost in [4..<10, 5..<11, 9..<21, 0..<40, 12..<13] {
      #expect(#expect(throws: Diagnostic.self) { try taken(lost) }?.code == .blockLost)
    }
    let copy = #expect(throws: Diagnostic.self) { try worker.run(CopyBlock(block), [], CountRows(limit: .max), [(.bundle, bundle)]) }
    #expect(copy?.code == .blockLost)
  }

  @Test func copiesAndTexts() throws {
    let made = try worker.run(NumberRange(start: 0, step: 1, count: 3000))
    let copy = try worker.run(CopyBlock(made.block), [], CountRows(limit: .max), task: 2, [(.block(made.block.id), made.memory)])
    #expect(copy.block.byteCount == made.block.byteCount)
    #expect(copy.block.rows == 3000)
    #expect(try rows(copy.memory) == rows(made.memory))
    let text = try worker.run(NumberRange(start: 8, step: 1, count: 4), [], EncodeText(format: "csv"))
    #expect(String(decoding: text.memory.bytes.prefix(text.block.byteCount), as: UTF8.self) == "8\n9\n10\n11\n")
    let nothing = try worker.run(NumberRange(start: 8, step: 1, count: 4), [], CountRows(limit: .max))
    #expect(nothing.memory.byteCount == 0)
  }

  @Test func programsKnowTheirTask() throws {
    let call = ProgramCall(
      "read line; echo n; echo $DSH_NODE $DSH_TASK; cat > /dev/null", folder: "/tmp", format: "csv",
      schema: Schema([Field("n", .string)]), isSchemaGiven: true)
    let made = try worker.run(NumberRange(start: 0, step: 1, count: 4), [RunProgram(call)], task: 77)
    #expect(try rows(made.memory) == [[.string("node1 77")]])
  }

  @Test func cancelledTasksStop() {
    let error = #expect(throws: Diagnostic.self) { try Worker(isCancelled: true).run(NumberRange(start: 0, step: 1, count: .max)) }
    #expect(error?.code == .cancelled)
  }

  @Test func inspections() throws {
    let keys = [SortColumn(1, descending: false)]
    let request = LibraryRequest.inspect(.ends(keys: keys)).encoded()
    let answer = TaskLibrary.answer(request, memories: [laidOut(numbers(4)), laidOut(numbers(0)), laidOut(numbers(1))])
    #expect(answer.outcome == .inspected([[[.int64(0)], [.int64(3)]], [], [[.int64(0)], [.int64(0)]]]))
    #expect(answer.made == nil)
  }

  @Test func memoriesThatAreSomethingElse() throws {
    let id = BlockID(task: 1, ordinal: 0)
    let spec = TaskSpec(source: NumberRange(start: 0, step: 1, count: 1), steps: [], sink: MakeBlock(), batchRows: 1).bytes
    func failure(_ request: LibraryRequest, _ memories: [Buffer]) -> DiagnosticCode? {
      guard case .failed(let diagnostic, _) = TaskLibrary.answer(request.encoded(), memories: memories).outcome else { return nil }
      return diagnostic.code
    }
    func run(_ inputs: [GivenInput]) -> LibraryRequest {
      .run(TaskRequest(task: 1, node: "node1", memoryBytes: 1 << 20, spec: spec, inputs: inputs))
    }
    #expect(failure(run([]), []) == nil)
    #expect(failure(run([.bundle]), []) == .badTask)
    #expect(failure(run([.bundle]), [.empty]) == .badBlock)
    #expect(failure(run([.block(id)]), [.zeros(64)]) == .badBlock)
    #expect(failure(.inspect(.lastRow), [.zeros(64)]) == .badBlock)
    let slice = CutSlice(block: id, firstRow: 3, rowCount: 2)
    #expect(failure(.cut([slice], blocks: [id]), []) == .badTask)
    #expect(failure(.cut([slice], blocks: []), []) == .blockLost)
    #expect(failure(.cut([slice], blocks: [id]), [laidOut(numbers(4))]) == .badBlockRange)
    guard case .failed(let diagnostic, _) = TaskLibrary.answer([9, 9], memories: []).outcome else { throw Diagnostic(.unexpected, "done") }
    #expect(diagnostic.code == .badTask)
  }
}
