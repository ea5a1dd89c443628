// The requests that the tests of the shared library use, which are no Swift, are those that this version of dsh writes.

import DshColumns
import DshEngine
import DshPlan
import DshSystem
import DshTasks
import Testing

@Suite struct LibraryRequestsTests {
  /// Task 1 makes block 1.0, of which the others know.
  private var requests: [(name: String, request: LibraryRequest)] {
    let block = BlockRef(id: BlockID(task: 1, ordinal: 0), node: 1, epoch: 0, byteCount: 800_000, rows: 100_000)
    let schema = Schema([Field("id", .int64)])
    func run(
      _ task: UInt64, _ source: any SourceSpec, _ sink: any SinkSpec, memoryBytes: Int = 1 << 30, _ inputs: [GivenInput] = []
    ) -> LibraryRequest {
      let spec = TaskSpec(source: source, steps: [], sink: sink, batchRows: 8192)
      return .run(TaskRequest(task: task, node: "node1", memoryBytes: memoryBytes, spec: spec.bytes, inputs: inputs))
    }
    let numbers = NumberRange(start: 0, step: 1, count: block.rows)
    return [
      ("numbers", run(1, numbers, MakeBlock())), ("full", run(2, numbers, MakeBlock(), memoryBytes: 1000)),
      ("endless", run(3, NumberRange(start: 0, step: 0, count: .max), CountRows(limit: .max))),
      ("ends", .inspect(.ends(keys: [SortColumn(0, descending: false)]))),
      (
        "cut",
        .cut(
          [CutSlice(block: block.id, firstRow: 10, rowCount: 5), CutSlice(block: block.id, firstRow: 500, rowCount: 50_000)],
          blocks: [block.id])
      ),
      ("text", run(4, BlockRows(schema, BlockSlice(block, rows: 11..<14)), EncodeText(format: "csv"), [.block(block.id)])),
      (
        "bundled text",
        run(
          5, BlockRows(schema, [BlockSlice(block, rows: 11..<14), BlockSlice(block, rows: 600..<602)]), EncodeText(format: "csv"),
          [.bundle])
      ),
    ]
  }

  @Test func fileIsCurrent() throws {
    let path = #filePath.split(separator: "/").dropLast(2).map { "/\($0)" }.joined() + "/Library/requests.txt"
    let text = requests.map { name, request in
      name + ": " + request.encoded().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\n"
    }.joined()
    #expect(String(decoding: try readWholeFile(path), as: UTF8.self) == text, "requests.txt is to hold\n\(text)")
  }
}
