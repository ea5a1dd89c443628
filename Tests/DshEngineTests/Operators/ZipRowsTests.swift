// Rows of two datasets side by side, and rows of several blocks one after another.

import DshColumns
import DshDiagnostics
import DshEngine
import Testing

@Suite struct ZipRowsTests {
  private let schema = Schema([Field("a", .int64)])

  @Test func rowsOfSeveralBlocksMeetThoseOfOne() throws {
    let environment = MemoryEnvironment()
    let left = environment.add(batch(integers(1, 2, 3, 4)))
    let right = [environment.add(batch(integers(10))), environment.add(batch(integers(20, 30, 40, 50))).prefix(3)]
    let source = ZipRows(schema, Schema([Field("b", .int64)]), left: left, right: right)
    try runTask(source, in: environment)
    #expect(environment.rows == numbers([[1, 10], [2, 20], [3, 30], [4, 40]]))
    #expect(source.knownRows == 4)
  }

  @Test func sidesOfDifferentLengthsAreRefused() {
    let environment = MemoryEnvironment()
    let source = ZipRows(
      schema, schema, left: environment.add(batch(integers(1, 2))), right: [environment.add(batch(integers(1)))])
    let error = #expect(throws: Diagnostic.self) { try runTask(source, in: environment) }
    #expect(error?.code == .badPlan)
  }

  @Test func slicesComeOneAfterAnother() throws {
    let environment = MemoryEnvironment()
    let slices = [
      environment.add(batch(integers(1, 2, 3))).part(1..<3), environment.add(batch(integers())),
      environment.add(batch(integers(4, nil))),
    ]
    let report = try runTask(ConcatenateRows(schema, slices), batchRows: 1, in: environment)
    #expect(environment.rows == numbers([[2], [3], [4], [nil]]))
    #expect(report.rowsScanned == 4)
  }

  @Test func partitionsKeepTheOrderOfTheirRows() throws {
    let environment = MemoryEnvironment()
    let rows = batch(integers(1, 2, 1, nil, 2, nil), integers(0, 1, 2, 3, 4, 5))
    let report = try runTask(
      environment.source(rows), [], PartitionRows([0], partitionCount: 4, keepsNulls: true), batchRows: 2, in: environment)
    #expect(report.partitionRows.count == 4)
    #expect(report.partitionRows.reduce(0, +) == 6)
    // Equal keys lie behind one another, as those of a partition do.
    let keys = environment.rows.map { $0[0] }
    for key in Set(keys) {
      let places = keys.indices.filter { keys[$0] == key }.map { environment.rows[$0][1] }
      #expect(places == numbers([[0, 2], [1, 4], [3, 5]])[key == .int64(1) ? 0 : key == .int64(2) ? 1 : 2])
    }
  }
}
