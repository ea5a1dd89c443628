// Blocks that are passed over by what is known of them hold none of the rows that are wanted.

import DshColumns
import DshEngine
import DshPlan
import DshPlanner
import Testing

@testable import DshCluster

@Suite struct TaskPruningTests {
  private func block(_ number: Int, _ values: [Int64?]) -> (PersistedDataset.Block, [Int64?]) {
    let builder = ColumnBuilder(type: .int64)
    for value in values { if let value { builder.append(int64: value) } else { builder.appendNull() } }
    let block = BlockRef(id: BlockID(task: 1, ordinal: number), node: 1, epoch: 0, byteCount: 64, rows: values.count)
    return (PersistedDataset.Block(block: block, home: 1, origin: "", statistics: [ColumnStatistics(of: builder.finish())]), values)
  }

  /// The wanted rows of an order are in blocks that are left, at or before the bound.
  @Test(arguments: 0..<200) func firstRowsAreInBlocksThatAreLeft(seed: Int) {
    var random = SeededRandom(seed: UInt64(seed))
    let spread: Int64 = Bool.random(using: &random) ? 1000 : 5
    let blocks = (0..<Int.random(in: 1...12, using: &random)).map { number -> (PersistedDataset.Block, [Int64?]) in
      let start = Bool.random(using: &random) ? Int64(number) * 100 : 0
      return block(
        number,
        (0..<Int.random(in: 1...20, using: &random)).map { _ in
          Int.random(in: 0..<10, using: &random) == 0 ? nil : start + Int64.random(in: 0..<spread, using: &random)
        })
    }
    for descending in [false, true] {
      let count = Int.random(in: 1...30, using: &random)
      let least = Int.random(in: 0..<3, using: &random) == 0 ? nil : Int64.random(in: -10..<1100, using: &random)
      let filter = least.map { Filter(.call(">=", [.column(0, .int64), .literal(.int64($0), .int64)], .bool)) }
      let stage = Stage(
        [Branch(.persisted(.rows(Schema([Field("a", .int64)]), [])), steps: filter.map { [$0] } ?? [])],
        output: .sink(TopRows([SortColumn(0, descending: descending)], count: count)))
      let pruned = TaskPruning(blocks.map(\.0), of: stage.branches[0], in: stage, schema: Schema([Field("a", .int64)]))
      let left = Set(pruned.blocks.map(\.block.id))
      // Sorting is stable here: rows are numbered, and nulls come last.
      let passing = blocks.flatMap { block, values in values.map { (block.block.id, $0) } }
        .filter { _, value in least.map { least in value.map { $0 >= least } ?? false } ?? true }
      let rows = passing.enumerated().sorted { a, b in
        switch (a.element.1, b.element.1) {
        case (let x?, let y?) where x != y: descending ? x > y : x < y
        case (nil, _?): false
        case (_?, nil): true
        default: a.offset < b.offset
        }
      }
      for (_, (id, value)) in rows.prefix(count) {
        #expect(left.contains(id), "seed \(seed), \(count) rows")
        if let bound = pruned.bound, case .int64(let bound) = bound {
          #expect(value.map { descending ? $0 >= bound : $0 <= bound } ?? false, "seed \(seed), \(count) rows")
        }
      }
    }
  }

  /// An error of a row that none of the first rows is has to be met all the same.
  @Test func blocksWhereARowMayFailAreRead() {
    let (blocks, schema) = ((0..<3).map { block($0, [Int64($0) * 10, Int64($0) * 10 + 1]).0 }, Schema([Field("a", .int64)]))
    func left(_ expression: Expression) -> Int {
      let columns = [NamedExpression("a", .column(0, .int64)), NamedExpression("b", expression)]
      let branch = Branch(.persisted(.rows(schema, [])), steps: [Project(columns)])
      let stage = Stage([branch], output: .sink(TopRows([SortColumn(0, descending: false)], count: 1)))
      return TaskPruning(blocks, of: branch, in: stage, schema: schema).blocks.count
    }
    #expect(left(.column(0, .int64)) == 1)
    #expect(left(.call("+", [.column(0, .int64), .literal(.int64(1), .int64)], .int64)) == 3)
  }

  /// NaN is the greatest, and of two zeros none comes first.
  @Test(arguments: 0..<100) func floats(seed: Int) throws {
    var random = SeededRandom(seed: UInt64(seed))
    let some: [Double?] = [.nan, .infinity, -.infinity, 0.0, -0.0, 1, 2, nil]
    let field = Field("x", .float64)
    let batches = (0..<Int.random(in: 1...8, using: &random)).map { _ -> Batch in
      let builder = ColumnBuilder(type: .float64)
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        if let value = some[Int.random(in: 0..<some.count, using: &random)] { builder.append(float64: value) } else { builder.appendNull() }
      }
      let column = builder.finish()
      return Batch(schema: Schema([field]), columns: [column], rowCount: column.count)
    }
    let blocks = batches.enumerated().map { number, batch in
      let block = BlockRef(id: BlockID(task: 1, ordinal: number), node: 1, epoch: 0, byteCount: 64, rows: batch.rowCount)
      return PersistedDataset.Block(block: block, home: 1, origin: "", statistics: [ColumnStatistics(of: batch.columns[0])])
    }
    let owners = batches.enumerated().flatMap { number, batch in Array(repeating: number, count: batch.rowCount) }
    let all = Batch.concatenate(batches, schema: Schema([field]))
    for descending in [false, true] {
      let keys = [SortColumn(0, descending: descending)]
      let count = Int.random(in: 1...10, using: &random)
      let stage = Stage([Branch(.persisted(.rows(Schema([field]), [])))], output: .sink(TopRows(keys, count: count)))
      let pruned = TaskPruning(blocks, of: stage.branches[0], in: stage, schema: Schema([field]))
      let left = Set(pruned.blocks.map(\.block.id.ordinal))
      let first = sortIndexes(all.columns, keys: keys, rowCount: all.rowCount).prefix(count)
      for index in 0..<first.count {
        let row = Int(first.pointer[index])
        #expect(left.contains(owners[row]), "seed \(seed), \(count) rows")
        guard let bound = pruned.bound else { continue }
        let order = try #require(all.columns[0].value(at: row).order(to: bound))
        #expect(descending ? order >= 0 : order <= 0, "seed \(seed), \(count) rows")
      }
    }
  }

  /// A block's best row alone counts already: of many blocks only those with the best are read.
  @Test func oneRowOfEachBlockIsCertain() {
    let blocks = (0..<20).map { block($0, [0, Int64($0) * 10]).0 }
    let stage = Stage(
      [Branch(.persisted(.rows(Schema([Field("a", .int64)]), [])))], output: .sink(TopRows([SortColumn(0, descending: true)], count: 3)))
    let pruned = TaskPruning(blocks, of: stage.branches[0], in: stage, schema: Schema([Field("a", .int64)]))
    #expect(pruned.blocks.map(\.block.id.ordinal) == [17, 18, 19])
    #expect(pruned.bound == .int64(170))
  }
}
