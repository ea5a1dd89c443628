// Splits of a small file: all rows once, filters before other columns, cells that do not fit, files that change.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshSystem
import Testing

@Suite struct ReadSplitTests {
  private let file: TemporaryFile
  private let inspected: InspectedFile

  /// Lines of all lengths; the number of a row is its first cell.
  private static let text = "n,name\n" + (0..<200).map { "\($0),\(String(repeating: "x", count: $0 % 17))\n" }.joined()

  init() throws {
    file = try TemporaryFile(suffix: ".csv", contents: Array(Self.text.utf8))
    inspected = try inspect([FileToRead(path: file.path, format: FormatRegistry.named("csv"))], options: ReadOptions(), attempts: 3)[0]
  }

  private func split(_ bytes: Range<Int>, startIsExact: Bool = false) -> ReadSplit {
    let description = inspected.description
    let scan = FileScan(
      format: "csv", path: file.path, identity: inspected.identity, layout: description.layout, schema: description.schema, wanted: [0, 1],
      bytes: bytes, startIsExact: startIsExact)
    return ReadSplit(
      scan, columns: [.scanned(0), .scanned(1), .missing(.date), .constant(.string("f"), .string)], names: ["n", "name", "day", "path"])
  }

  private var data: Range<Int> { inspected.description.dataStart..<Self.text.utf8.count }

  @Test func columnsOfTheRead() throws {
    let environment = MemoryEnvironment()
    let report = try runTask(split(data, startIsExact: true), in: environment)
    #expect(environment.rows.count == 200)
    #expect(environment.rows[3] == [.int64(3), .string("xxx"), .null, .string("f")])
    #expect(report.rowsScanned == 200)
    #expect(report.scanRange == data)
    #expect(environment.state.scanned.rows == 200)
  }

  /// However the file is cut, each row belongs to one split, and a split begins where the one before it ended.
  @Test(arguments: [1, 10, 33, 64, 500, 5000]) func everyCut(splitBytes: Int) throws {
    let environment = MemoryEnvironment()
    var end = data.lowerBound
    for start in stride(from: data.lowerBound, to: data.upperBound, by: splitBytes) {
      let bytes = start..<min(start + splitBytes, data.upperBound)
      let report = try runTask(split(bytes, startIsExact: start == data.lowerBound), in: environment)
      let range = try #require(report.scanRange)
      if !range.isEmpty {
        #expect(range.lowerBound == end)
        end = range.upperBound
      }
    }
    #expect(environment.rows.map { $0[0] } == (0..<200).map { .int64(Int64($0)) })
  }

  @Test func aFilterIsAppliedByTheScan() throws {
    let environment = MemoryEnvironment()
    let source = split(data, startIsExact: true)
    let predicate = try bind("n % 50 == 7", over: source.schema.fields)
    #expect(source.canApply(predicate))
    #expect(!source.canApply(try bind("path == 'f'", over: source.schema.fields)))
    let report = try runTask(source, [Filter(predicate)], in: environment)
    #expect(environment.rows.map { $0[0] } == [7, 57, 107, 157].map { .int64($0) })
    #expect(report.stepRows == [200, 4])
  }

  @Test func countingNeedsNoColumns() throws {
    let environment = MemoryEnvironment()
    #expect(try runTask(split(data, startIsExact: true).counting, [], CountRows(limit: .max), in: environment).rowsOut == 200)
  }

  @Test func aFileThatIsAnother() throws {
    var source = split(data, startIsExact: true)
    source.scan.identity = try #require(FileIdentity(numbers: [1, 2, 3, 4, 5]))
    let environment = MemoryEnvironment()
    #expect(try runTask(source, in: environment).changed == FileChanged(path: file.path))
    #expect(environment.state.made.isEmpty)
  }

  @Test func cellsThatDoNotFit() throws {
    var source = split(data, startIsExact: true)
    source.scan.schema.fields[1].type = .int64
    let mismatch = try #require(try runTask(source, in: MemoryEnvironment()).mismatch)
    #expect(mismatch.columns.map(\.index) == [1])
    #expect(mismatch.columns.first?.type == .string)
  }

  /// A failure behind a start that was guessed may be none: it is in the report, to be judged.
  @Test func failuresBehindAGuessedStart() throws {
    let predicate = try bind("9223372036854775807 + (n - 150) > 0", over: split(data).schema.fields)
    let source = split(data.lowerBound + 1..<data.upperBound)
    #expect(try runTask(source, [Filter(predicate)], in: MemoryEnvironment()).failure?.row != nil)
    #expect(throws: Diagnostic.self) { try runTask(split(data, startIsExact: true), [Filter(predicate)], in: MemoryEnvironment()) }
  }
}
