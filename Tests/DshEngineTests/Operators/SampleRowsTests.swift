// Rows chosen as if by chance: the same whatever task has them, and about as many as asked for.

import DshColumns
import Testing

@testable import DshEngine

@Suite struct SampleRowsTests {
  /// The numbers of 0..<count that are chosen, where tasks have so many of them each.
  private func chosen(_ step: SampleRows, of count: Int, taskRows: Int, batchRows: Int = 64) throws -> [Int64] {
    var result: [Int64] = []
    for start in stride(from: 0, to: count, by: taskRows) {
      let environment = MemoryEnvironment()
      let source = NumberRange(start: Int64(start), step: 1, count: min(taskRows, count - start))
      try runTask(source, [step.starting(atRow: start)], batchRows: batchRows, in: environment)
      result += environment.rows.compactMap { if case .int64(let number) = $0[0] { number } else { nil } }
    }
    return result
  }

  @Test func tasksAndBatchesDoNotShow() throws {
    let step = SampleRows(from: 0, to: 0.3, seed: 3)
    let whole = try chosen(step, of: 1000, taskRows: 1000, batchRows: 1000)
    #expect(try chosen(step, of: 1000, taskRows: 1000, batchRows: 7) == whole)
    #expect(try chosen(step, of: 1000, taskRows: 13) == whole)
    #expect(250...350 ~= whole.count)
    #expect(try chosen(SampleRows(from: 0, to: 0.3, seed: 4), of: 1000, taskRows: 1000) != whole)
  }

  @Test func rangesOfFractionsMakeUpTheWhole() throws {
    let bounds = [0, 0.25, 0.5, 0.5, 1]
    let parts = try zip(bounds, bounds.dropFirst()).map { try chosen(SampleRows(from: $0, to: $1, seed: 0), of: 500, taskRows: 100) }
    #expect(parts.flatMap(\.self).sorted() == (0..<500).map(Int64.init))
    #expect(parts[2].isEmpty)
  }

  /// Fractions are spread evenly: of 64 buckets of 100,000 rows none is far from its share.
  @Test func fractionsAreSpread() {
    let hash = RowHash(seed: 0)
    var buckets = [Int](repeating: 0, count: 64)
    for row in 0..<100_000 { buckets[Int(hash.fraction(ofRow: UInt64(row)) * 64)] += 1 }
    #expect(buckets.allSatisfy { 1400...1725 ~= $0 })
  }

  @Test func keysOfRowsDiffer() throws {
    let environment = MemoryEnvironment()
    try runTask(NumberRange(start: 0, step: 1, count: 1000), [AddRandomKeys("r", seed: 9)], batchRows: 100, in: environment)
    #expect(Set(environment.rows.map { $0[1] }).count == 1000)
  }

  /// Numbers computed by another program: a dataset keeps its sample from one version to the next.
  @Test func numbersStay() {
    #expect(RowHash(seed: 0).number(ofRow: 0) == 0x48218226ff3cd4bf)
    #expect(RowHash(seed: 0).number(ofRow: 1000) == 0x9152d25d142cd0d7)
    #expect(RowHash(seed: 7).number(ofRow: 3) == 0x8ca3cbb6ca63129b)
  }
}
