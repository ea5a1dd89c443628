// Records of kept datasets survive their bytes, and no bytes trap who reads them.
import DshColumns
import DshDiagnostics
import DshSystem
import Testing

@testable import DshSession

@Suite struct KeptRecordTests {
  /// Numbers that follow from a seed (SplitMix64).
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var word = state
      word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
      word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
      return word ^ (word >> 31)
    }
  }

  private func identity(_ number: Int64) throws -> FileIdentity {
    try #require(FileIdentity(numbers: [number, number + 1, 300, .max, -5]))
  }

  private func record() throws -> KeptRecord {
    let inner = Recipe.Definition(text: "def half(x) = x / $n", scalars: ["n": .float64(2.5)], definitions: [])
    let outer = Recipe.Definition(text: "def quarter(x) = half(half(x))", scalars: [:], definitions: [inner])
    let steps = [
      Recipe.Step(
        base: .source, text: "read a.csv | filter x > $n", others: [[]], folder: "/data/é", scalars: ["n": .int64(60)], definitions: []),
      Recipe.Step(base: .kept("trips"), text: "", folder: "/", scalars: [:], definitions: []),
      Recipe.Step(
        base: .step(0), text: "union late, other | map y = quarter(x)", others: [[1, 0], []], folder: "/",
        scalars: ["t": .string("a|b"), "l": .list([.null, .bool(true)])], definitions: [outer]),
    ]
    return KeptRecord(
      program: "dsh 0.1.0", madeMicroseconds: 1_700_000_000_000_000, rows: 12, dataBytes: 1024,
      layout: KeptLayout(schemaSum: 5, batchOffsets: [64, 300]), madeBy: "read+filter",
      remaking: .recipe(Recipe(steps: steps)),
      inputs: [
        KeptInput(files: [KeptInput.File(path: "/data/é/a.csv", identity: try identity(3))], step: 0), KeptInput(files: [], step: nil),
      ])
  }

  @Test func bytesComeBack() throws {
    var record = try record()
    #expect(try KeptRecord(record.bytes) == record)
    record.remaking = .impossible("it was made from standard input")
    #expect(try KeptRecord(record.bytes) == record)
  }

  @Test func laterVersionsAreTold() throws {
    var bytes = try record().bytes
    bytes[0] = 2
    #expect { try KeptRecord(bytes) } throws: { ($0 as? KeptRecord.IsNewer)?.program == "dsh 0.1.0" }
  }

  @Test func stepsWorkOnEarlierOnes() throws {
    for step in [
      Recipe.Step(base: .step(0), text: "", folder: "/", scalars: [:], definitions: []),
      Recipe.Step(base: .source, text: "range 1 | union x", others: [[0]], folder: "/", scalars: [:], definitions: []),
    ] {
      var record = try record()
      record.remaking = .recipe(Recipe(steps: [step]))
      #expect(throws: DecodingFailure.self) { try KeptRecord(record.bytes) }
    }
    var record = try record()
    record.remaking = .recipe(Recipe(steps: []))
    #expect(throws: DecodingFailure.self) { try KeptRecord(record.bytes) }
  }

  @Test func definitionsNestAsDeepAsTheyAreWritten() throws {
    var definition = Recipe.Definition(text: "def f0(x) = x", scalars: [:], definitions: [])
    for depth in 1...ByteReader.depthLimit + 10 {
      definition = Recipe.Definition(text: "def f\(depth)(x) = f\(depth - 1)(x)", scalars: [:], definitions: [definition])
    }
    var record = try record()
    let step = Recipe.Step(base: .source, text: "range 1", folder: "/", scalars: [:], definitions: [definition])
    record.remaking = .recipe(Recipe(steps: [step]))
    #expect(throws: DecodingFailure.self) { try KeptRecord(record.bytes) }
  }

  @Test(arguments: [1, 7, 2026]) func damageIsNoRecord(seed: UInt64) throws {
    var random = Seeded(state: seed)
    let bytes = try record().bytes
    for count in 0..<bytes.count { #expect(throws: (any Error).self) { try KeptRecord(Array(bytes.prefix(count))) } }
    for _ in 0..<2000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      if damaged != bytes { #expect(throws: (any Error).self) { try KeptRecord(damaged) } }
    }
  }

  /// Behind a sum that is right anything may stand, if somebody wants it to.
  @Test(arguments: [1, 7, 2026]) func recipesOfAnyBytesTrapNobody(seed: UInt64) throws {
    var random = Seeded(state: seed)
    var writer = ByteWriter()
    guard case .recipe(let recipe) = try record().remaking else { return }
    recipe.encode(to: &writer)
    var read = 0
    for _ in 0..<5000 {
      var damaged = writer.bytes
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      var reader = ByteReader(damaged)
      guard let recipe = try? Recipe(from: &reader) else { continue }
      read += 1
      for step in recipe.steps { _ = try? step.stages() }
    }
    #expect(read > 0)
  }
}
