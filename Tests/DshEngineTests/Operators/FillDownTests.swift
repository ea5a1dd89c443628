// Nulls that take the last value above them, over batches and tasks.

import DshColumns
import DshEngine
import Testing

@Suite struct FillDownTests {
  private func filled(_ rows: Batch, _ step: FillDown, batchRows: Int = 3) throws -> [[Value]] {
    let environment = MemoryEnvironment()
    try runTask(environment.source(rows), [step], batchRows: batchRows, in: environment)
    return environment.rows
  }

  @Test func valuesGoOnOverBatches() throws {
    let rows = batch(integers(nil, 1, nil, nil, nil, 2, nil), integers(9, nil, nil, nil, nil, nil, 8))
    for batchRows in [1, 2, 3, 10] {
      #expect(
        try filled(rows, FillDown([0], keys: []), batchRows: batchRows)
          == numbers([[nil, 9], [1, nil], [1, nil], [1, nil], [1, nil], [2, nil], [2, 8]]))
      #expect(
        try filled(rows, FillDown([0, 1], keys: []), batchRows: batchRows)
          == numbers([[nil, 9], [1, 9], [1, 9], [1, 9], [1, 9], [2, 9], [2, 8]]))
    }
  }

  @Test func whatStandsBeforeTheTaskGoesOn() throws {
    let step = FillDown([0, 1], keys: []).continuing(after: [.int64(7), .null])
    #expect(
      try filled(batch(integers(nil, 1, nil), integers(nil, nil, 3)), step, batchRows: 1) == numbers([[7, nil], [1, nil], [1, 3]]))
  }

  /// The first rows of a key have nothing above them; null is a key like others.
  @Test func keysBeginAnew() throws {
    let rows = batch(integers(1, 1, 2, 2, 2, nil, nil), integers(5, nil, nil, 6, nil, nil, 7))
    for batchRows in [1, 2, 3, 10] {
      #expect(
        try filled(rows, FillDown([1], keys: [0]), batchRows: batchRows)
          == numbers([[1, 5], [1, 5], [2, nil], [2, 6], [2, 6], [nil, nil], [nil, 7]]))
    }
  }

  @Test func textsAreFilled() throws {
    let texts = ColumnBuilder(type: .string)
    for value in [Value.string("a"), .null, .string("é"), .null] { texts.append(value) }
    for batchRows in [1, 3] {
      #expect(
        try filled(batch(texts.finish()), FillDown([0], keys: []), batchRows: batchRows)
          == [[.string("a")], [.string("a")], [.string("é")], [.string("é")]])
    }
  }

  @Test func lastValuesOfATask() throws {
    let environment = MemoryEnvironment()
    let rows = batch(integers(1, nil, 3, nil), integers(nil, nil, nil, nil), integers(4, nil, nil, nil))
    try runTask(environment.source(rows), [], LastValues([2, 1, 0]), batchRows: 1, in: environment)
    #expect(environment.rows == numbers([[4, nil, 3]]))
  }
}
