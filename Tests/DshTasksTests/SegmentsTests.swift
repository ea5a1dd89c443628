// Segments hold their bytes in order whatever runs they are made of, are as long as they have to be, and point to what is large.

import DshColumns
import Testing

@testable import DshTasks

@Suite struct SegmentsTests {
  /// Bytes that differ from place to place.
  private func run(_ byteCount: Int, _ random: inout SplitMix) -> Buffer {
    Buffer(copying: (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  private func bytes(_ buffers: [Buffer]) -> [UInt8] { buffers.flatMap { Array($0.bytes) } }

  private func check(_ runs: [Buffer], _ segments: Segments) {
    let whole = bytes(runs)
    #expect(segments.byteCount == whole.count)
    #expect(bytes(segments.buffers) == whole)
    for segment in segments.buffers.dropLast() {
      #expect(segment.byteCount % Segments.alignment == 0)
      #expect(segment.byteCount >= Segments.leastBytes)
    }
  }

  @Test(arguments: 0..<40) func randomRuns(seed: Int) {
    var random = SplitMix(seed: UInt64(seed))
    let sizes = [0, 1, 7, 63, 64, 65, 2047, 2048, 2049, 16383, 16384, 16447, 16448, 18431, 18432, 20000, 100_001]
    let runs = (0..<Int.random(in: 0...9, using: &random)).map { _ in run(sizes.randomElement(using: &random) ?? 0, &random) }
    check(runs, Segments(runs))
  }

  @Test func largeRunsArePassedAsTheyLie() {
    var random = SplitMix(seed: 1)
    let runs = [run(100, &random), run(1 << 20, &random), run(64 << 10, &random), run(5, &random)]
    let segments = Segments(runs)
    check(runs, segments)
    let large = segments.buffers.filter { segment in
      runs.contains { run in run.byteCount > 1000 && segment.address >= run.address && segment.address < run.address + run.byteCount }
    }
    #expect(large.reduce(0) { $0 + $1.byteCount } > (1 << 20) + (64 << 10) - 3 * Segments.leastBytes)
    #expect(segments.buffers.count == 5)
  }

  @Test func nothingIsNoSegment() {
    #expect(Segments([]).buffers.isEmpty)
    #expect(Segments([.empty, .empty]).byteCount == 0)
  }

  @Test func aBlockInRuns() throws {
    let values = batch(column(.int64, (0..<10_000).map { .int64($0) }), column(.string, (0..<10_000).map { .string("row \($0 * $0)") }))
    for rows in [values, values.slice(from: 3, count: 77), .empty(values.schema), batch()] {
      let encoded = BlockFormat.encode(rows)
      #expect(encoded.withRuns { $0.flatMap { Array($0) } } == bytes(encoded.runs))
      let segments = Segments(encoded.runs)
      check(encoded.runs, segments)
      let memory = laidOut(segments)
      let decoded = try withExtendedLifetime(memory) { try BlockFormat.decode(memory.bytes, owner: nil).rows }
      #expect(decoded == rows.rows)
    }
  }
}
