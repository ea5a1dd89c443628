// Files become tasks: every byte of every file once, in order, large ones cut and small ones together.
import DshColumns
import DshFormats
import DshPlan
import DshSystem
import Testing

@testable import DshPlanner

@Suite struct FileCuttingTests {
  private func source(_ sizes: [Int], assumed: Bool = false, blockBytes: Int = 16 << 20) throws -> FileSource {
    let schema = Schema([Field("a", .int64)])
    let files = try sizes.enumerated().map { index, size in
      SourceFile(
        path: "/data/\(index)", identity: try #require(FileIdentity(numbers: [1, Int64(index), Int64(size), 0, 0])), shape: 0,
        knowledge: assumed ? .assumed : .found(dataStart: 0, rowCount: nil))
    }
    var source = FileSource(
      label: "d", shapes: [FileShape(format: "text", schema: schema, layout: [])], files: files, schema: schema, pathColumn: nil,
      blockBytes: blockBytes)
    source.spreads = false
    return source
  }

  /// The bytes of each file in the order of the tasks.
  private func bytes(_ cutting: FileCutting, _ source: FileSource) -> [(file: Int, bytes: Range<Int>)] {
    (0..<cutting.taskCount).flatMap { task -> [(file: Int, bytes: Range<Int>)] in
      let (unit, split) = cutting.place(ofTask: task)
      switch cutting.units[unit] {
      case .cut(let file, let splits): return [(file, splits[split])]
      case .packed(let files): return files.map { ($0, 0..<source.files[$0].sizeBytes) }
      }
    }
  }

  private func checkWhole(_ sizes: [Int], _ source: FileSource) {
    let cutting = FileCutting(source)
    var ends = sizes.map { _ in 0 }
    var last = 0
    for part in bytes(cutting, source) {
      #expect(part.file >= last && part.bytes.lowerBound == ends[part.file])
      ends[part.file] = part.bytes.upperBound
      last = part.file
    }
    #expect(ends == sizes)
  }

  @Test func everyByteOnce() throws {
    var random = SystemRandomNumberGenerator()
    for count in [0, 1, 15, 16, 17, 100, 1000] {
      let sizes = (0..<count).map { _ in
        [0, 1, 100, 10_000, 1 << 20, (16 << 20) + 1, 50 << 20].randomElement(using: &random) ?? 0
      }
      checkWhole(sizes, try source(sizes))
      checkWhole(sizes, try source(sizes, blockBytes: 5000))
    }
  }

  @Test func manySmallFilesShareTasks() throws {
    let cutting = FileCutting(try source(Array(repeating: 500, count: 100_000)))
    #expect(cutting.taskCount < 300 && cutting.taskCount > 100)
    let few = FileCutting(try source(Array(repeating: 500, count: 40)))
    #expect(few.taskCount >= 4 && few.taskCount <= 10)
  }

  @Test func fewFilesAreATaskEach() throws { #expect(FileCutting(try source(Array(repeating: 500, count: 15))).taskCount == 15) }

  @Test func whatNobodyHasSeenIsReadAsAWhole() throws {
    let sizes = Array(repeating: 500, count: 1000)
    let assumed = try source(sizes, assumed: true)
    checkWhole(sizes, assumed)
    var alone = assumed
    alone.packs = false
    #expect(FileCutting(alone).taskCount == 1000)
    checkWhole(sizes, alone)
  }
}
