// A row for each element of a list.

import DshColumns
import DshDiagnostics
import DshPlan
import Testing

@testable import DshEngine

@Suite struct FlatMapTests {
  private let lists: Column = {
    let builder = ColumnBuilder(type: .list(.int64))
    for value in [Value.list([.int64(1), .null]), .null, .list([]), .list([.int64(3)])] { builder.append(value) }
    return builder.finish()
  }()

  private func expanded(_ name: String, batchRows: Int) throws -> [[Value]] {
    let environment = MemoryEnvironment()
    let step = FlatMap(NamedExpression(name, .column(1, .list(.int64))))
    try runTask(environment.source(batch(integers(10, 20, 30, 40), lists)), [step], batchRows: batchRows, in: environment)
    return environment.rows
  }

  @Test func nullAndEmptyListsGiveNoRow() throws {
    for batchRows in [1, 2, 10] {
      #expect(
        try expanded("c", batchRows: batchRows) == [
          [.int64(10), .list([.int64(1), .null]), .int64(1)], [.int64(10), .list([.int64(1), .null]), .null],
          [.int64(40), .list([.int64(3)]), .int64(3)],
        ])
    }
  }

  @Test func aColumnOfTheSameNameIsReplaced() throws {
    #expect(try expanded("b", batchRows: 3) == numbers([[10, 1], [10, nil], [40, 3]]))
    #expect(try expanded("a", batchRows: 3).map { $0[0] } == [.int64(1), .null, .int64(3)])
  }

  /// A null may have elements under it, as blocks of other programs have.
  @Test func elementsUnderANullAreNotThere() throws {
    let offsets = MutableBuffer(capacity: 12)
    for offset in [Int32(0), 2, 3] { offsets.append(offset) }
    let column = Column(
      type: .list(.int64), count: 2, validity: .make(count: 2) { _ in 2 },
      storage: .list(offsets: offsets.freeze(), elements: integers(1, 2, 3)))
    let environment = MemoryEnvironment()
    try runTask(
      environment.source(batch(integers(7, 8), column)), [FlatMap(NamedExpression("b", .column(1, .list(.int64))))], in: environment)
    #expect(environment.rows == numbers([[8, 3]]))
  }

  /// Texts that would not fit into a column once they are repeated are an error of the row that is too much.
  @Test func textsThatGrowTooLarge() throws {
    let texts = ColumnBuilder(type: .string)
    for _ in 0..<3 { texts.append(text: String(repeating: "x", count: 1 << 20)) }
    let column = texts.finish()
    #expect(throws: Never.self) { try column.checkRepeated({ _ in 300 }, most: 300) }
    do {
      try column.checkRepeated({ $0 == 1 ? 2000 : 1 }, most: 2000)
      Issue.record("too much text was let through")
    } catch {
      #expect(error.diagnostic.code == .blockTooLarge)
      #expect(error.row == 1)
    }
  }

  @Test func whatIsNoListIsRefused() {
    let environment = MemoryEnvironment()
    let error = #expect(throws: Diagnostic.self) {
      try runTask(environment.source(batch(integers(1))), [FlatMap(NamedExpression("a", .column(0, .int64)))], in: environment)
    }
    #expect(error?.code == .badPlan)
  }
}
