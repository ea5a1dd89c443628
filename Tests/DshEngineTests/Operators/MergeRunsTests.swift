// Sorted runs in one order.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct MergeRunsTests {
  private let schema = Schema([Field("a", .int64), Field("b", .int64)])
  private let keys = [SortColumn(0, descending: false)]

  private func merged(_ runs: [Batch], limit: Int? = nil) throws -> [[Value]] {
    let environment = MemoryEnvironment()
    let source = MergeRuns(schema, keys: keys, limit: limit).reading(runs.map { environment.add($0) })
    #expect(try runTask(source, in: environment).rows == source.knownRows)
    return environment.rows
  }

  /// Of equal rows those of the earlier run come first.
  @Test func equalRowsKeepTheOrderOfRuns() throws {
    let runs = [
      batch(integers(1, 2, nil), integers(0, 1, 2)), batch(integers(1, 1, 3), integers(3, 4, 5)), batch(integers(), integers()),
      batch(integers(nil), integers(6)),
    ]
    let expected = numbers([[1, 0], [1, 3], [1, 4], [2, 1], [3, 5], [nil, 2], [nil, 6]])
    #expect(try merged(runs) == expected)
    for limit in [0, 1, 4, 7, 100] { #expect(try merged(runs, limit: limit) == Array(expected.prefix(limit))) }
  }

  @Test func noRuns() throws { #expect(try merged([]) == []) }

  @Test func aStoreThatIsTooSmall() {
    let environment = MemoryEnvironment(limitBytes: 8)
    let run = environment.add(batch(integers(1, 2), integers(1, 2)))
    let error = #expect(throws: Diagnostic.self) { try runTask(MergeRuns(schema, keys: keys, [run]), in: environment) }
    #expect(error?.code == .storeFull)
  }
}
