// Reports survive their bytes, with every kind of finding, and no bytes trap who reads them.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshSystem
import Testing

@Suite struct TaskReportTests {
  private func report() throws -> TaskReport {
    var report = TaskReport()
    report.rows = 7
    report.isComplete = false
    report.stepRows = [9, 8, 7]
    report.rowsScanned = 12
    report.bytesScanned = 300
    report.irregular.cut = 1
    report.irregular.repeatedHeaders = 2
    report.scanRange = 5..<305
    report.changed = FileChanged(path: "/data/é.csv", isUnlikeOthers: true)
    report.partitionRows = [3, 0, 4]
    report.partMetadata = [1, 2, 3]
    report.programs.processes = 1
    report.programs.batches = 3
    report.programs.sentBytes = 70
    report.programs.answeredBytes = 80
    report.programs.add(words: ["é", ""])
    report.programs.omittedWordBytes = 5
    var failure = Diagnostic(
      .badCast, "no number: \"é\"", span: SourceSpan(start: 3, end: 9), suggestion: didYouMean("3"), notes: ["a", ""])
    failure.row = RowPlace(step: 1, row: 4, part: 2)
    report.failure = failure
    let identity = try #require(FileIdentity(numbers: [1, 2, 3, 4, 5]))
    let scan = FileScan(
      format: "csv", path: "x.csv", identity: identity, layout: [9], schema: Schema([Field("a", .int64), Field("b", .list(.date))]),
      wanted: [0], bytes: 0..<9, startIsExact: true)
    report.mismatch = SchemaMismatch(
      scan, columns: [SchemaMismatch.Column(index: 0, name: "a", type: .string, text: "x", byteOffset: 7)], range: 0..<9)
    return report
  }

  private func bytes(_ report: TaskReport) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(report)
    return writer.bytes
  }

  private func read(_ bytes: [UInt8]) throws -> TaskReport {
    var reader = ByteReader(bytes)
    return try reader.readTaskReport()
  }

  @Test func roundTrip() throws {
    #expect(try read(bytes(try report())) == (try report()))
    #expect(try read(bytes(TaskReport())) == TaskReport())
  }

  @Test func cutsAreRefused() throws {
    let whole = bytes(try report())
    for length in 0..<whole.count { #expect(throws: DecodingFailure.self) { try read(Array(whole.prefix(length))) } }
  }

  @Test(arguments: FuzzSeeds.all) func mutationsNeverTrap(seed: UInt64) throws {
    for changed in mutations(of: bytes(try report()), seed: seed, count: 3000) {
      guard let report = try? read(changed) else { continue }
      // What is done with a report: it is written down again, and its error is printed.
      _ = bytes(report)
      _ = report.failure?.rendered(in: SourceText(name: "x", text: "a short text"))
    }
  }
}
