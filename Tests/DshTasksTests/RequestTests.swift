// Requests and outcomes survive their bytes, and no bytes trap who reads them.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import DshTasks
import Testing

@Suite struct RequestTests {
  static let requests: [LibraryRequest] = [
    .run(
      TaskRequest(
        task: 7, node: "node1", memoryBytes: 1 << 30, spec: [1, 2, 3], inputs: [.block(BlockID(task: 3, ordinal: 0)), .bundle])),
    .run(TaskRequest(task: 0, node: "", isElsewhere: true, memoryBytes: 0, spec: [], inputs: [])),
    .cut([CutSlice(block: BlockID(task: 3, ordinal: 1), firstRow: 5, rowCount: 7)], blocks: [BlockID(task: 3, ordinal: 1)]),
    .cut([], blocks: []),
    .inspect(.lastRow), .inspect(.ends(keys: [SortColumn(1, descending: true)])),
  ]

  static let outcomes: [LibraryOutcome] = [
    .done(report: [1, 2, 3], made: MadeBytes(rows: 4, byteCount: 64), nanoseconds: 5), .done(report: [], made: nil, nanoseconds: 0),
    .failed(Diagnostic(.storeFull, "no room", notes: ["a"]), nanoseconds: 9), .inspected([]),
    .inspected([[], [[.int64(1), .null], [.string("é"), .float64(.infinity)]]]),
  ]

  @Test(arguments: requests) func requestBytesAndBack(request: LibraryRequest) throws {
    let bytes = request.encoded()
    #expect(try LibraryRequest(decoding: bytes) == request)
    for length in 0..<bytes.count { #expect(throws: DecodingFailure.self) { try LibraryRequest(decoding: Array(bytes.prefix(length))) } }
    #expect(throws: DecodingFailure.self) { try LibraryRequest(decoding: bytes + [0]) }
    for changed in mutations(of: bytes, count: 3000) {
      if let other = try? LibraryRequest(decoding: changed) { #expect((try? LibraryRequest(decoding: other.encoded())) != nil) }
    }
  }

  @Test(arguments: outcomes) func outcomeBytesAndBack(outcome: LibraryOutcome) throws {
    let bytes = outcome.encoded()
    #expect(try LibraryOutcome(decoding: bytes) == outcome)
    for length in 0..<bytes.count { #expect(throws: DecodingFailure.self) { try LibraryOutcome(decoding: Array(bytes.prefix(length))) } }
    for changed in mutations(of: bytes, count: 3000) { _ = try? LibraryOutcome(decoding: changed) }
  }
}
