// Asof joins over sorted tables, against looking at every pair of rows.

import DshColumns
import DshDiagnostics
import DshPlan
import Testing

@testable import DshEngine

@Suite struct ProbeSortedTableTests {
  /// The rows of a join: the right batches are inputs of a task each, whose partitions so many tasks make sorted tables of. The last key is
  /// compared.
  private func join(
    _ comparison: AsOfComparison, _ left: Batch, _ right: [Batch], _ rightSchema: Schema, keys: [Int], columns: [Int], partitionCount: Int,
    tableCount: Int, batchRows: Int
  ) throws -> [[Value]] {
    let environment = MemoryEnvironment()
    var shares = [[BlockSlice]](repeating: [], count: tableCount)
    for rows in right {
      let report = try runTask(
        environment.source(rows), [], PartitionRows(Array(keys.dropLast()), partitionCount: partitionCount), batchRows: batchRows,
        in: environment)
      let block = environment.add(try #require(environment.state.made.last))
      for table in 0..<tableCount {
        let bounds = [table, table + 1].map { report.partitionRows.prefix($0 * partitionCount / tableCount).reduce(0, +) }
        if bounds[0] < bounds[1] { shares[table].append(block.part(bounds[0]..<bounds[1])) }
      }
    }
    var tables: [(slice: BlockSlice, number: Int)] = []
    for (number, share) in shares.enumerated() where !share.isEmpty {
      try runTask(BuildSortedTable(rightSchema, keys: keys).reading(share), batchRows: batchRows, in: environment)
      tables.append((environment.add(try #require(environment.state.made.last)), number))
    }
    let join = AsOfJoin(
      comparison, leftKeys: keys, rightKeys: keys, rightColumns: columns.map { Join.RightColumn($0, name: "right \($0)") })
    let probe = ProbeSortedTable(join, tableSchema: rightSchema, partitionCount: partitionCount).reading(
      tables.map(\.slice), of: tables.map(\.number), producerCount: tableCount)
    try runTask(environment.source(left), [probe], MakeBlock(), batchRows: batchRows, in: environment)
    #expect(environment.state.heldBytes == 0)
    return try #require(environment.state.made.last).rows
  }

  /// The same by looking at every pair.
  private func nearest(_ comparison: AsOfComparison, _ left: Batch, _ right: [Batch], keys: [Int], columns: [Int]) -> [[Value]] {
    let partners = right.flatMap { batch in (0..<batch.rowCount).map { (batch, $0) } }
    let ordered = keys[keys.count - 1]
    func order(_ a: (Batch, Int), _ b: (Batch, Int)) -> Int { RowOrder.compare(a.0.columns[ordered], a.1, b.0.columns[ordered], b.1) }
    return (0..<left.rowCount).map { row in
      let own = left.row(row)
      var found: (Batch, Int)?
      for partner in partners {
        let other = partner.0.row(partner.1)
        guard keys.allSatisfy({ !own[$0].isNull && !other[$0].isNull }), keys.dropLast().allSatisfy({ own[$0].key == other[$0].key })
        else { continue }
        let difference = order((left, row), partner)
        let isPartner =
          switch comparison {
          case .greaterOrEqual: difference >= 0
          case .greater: difference > 0
          case .lessOrEqual: difference <= 0
          case .less: difference < 0
          }
        guard isPartner else { continue }
        let looksBack = comparison == .greater || comparison == .greaterOrEqual
        // Of those that are as near the last one counts.
        if let before = found, looksBack ? order(partner, before) < 0 : order(partner, before) > 0 { continue }
        found = partner
      }
      return own + columns.map { column in found.map { $0.0.row($0.1)[column] } ?? .null }
    }
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithLookingAtEveryPair(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for _ in 0..<15 {
      let types = (0..<3).map { _ in generator.random.pick(ExpressionGenerator.types) }
      let few = types.map { type in (0..<6).map { _ in generator.value(type, nullPercent: 15) } }
      func rows(_ count: Int) -> Batch {
        batch(
          zip(types, few).map { type, few in
            let plain = column(type, (0..<count).map { _ in generator.random.pick(few) })
            return generator.random.chance(50) ? plain.dictionaryEncoded() ?? plain : plain
          })
      }
      let left = rows(generator.random.pick([0, 1, 30, 200]))
      let right = (0..<generator.random.int(0...3)).map { _ in rows(generator.random.pick([0, 1, 2, 39])) }
      let keys = generator.random.pick([[0], [1, 2], [2, 0, 1], [0, 1]])
      let comparison = generator.random.pick(AsOfComparison.allCases)
      let tables = keys.count == 1 ? 1 : generator.random.int(1...3)
      let found = try join(
        comparison, left, right, left.schema, keys: keys, columns: [1, 2],
        partitionCount: keys.count == 1 ? 1 : generator.random.pick([tables, 16]), tableCount: tables,
        batchRows: generator.random.pick([1, 7, 1000]))
      let expected = nearest(comparison, left, right, keys: keys, columns: [1, 2])
      #expect(found.map { $0.map(\.comparable) } == expected.map { $0.map(\.comparable) }, "\(comparison) \(types) \(keys)")
    }
  }

  @Test func valuesThatAreHardToCompare() throws {
    let values: [Double?] = [.nan, -0.0, nil, 0.0, 1]
    let rows = batch(column(.float64, values.map { $0.map { .float64($0) } ?? .null }), integers(0, 1, 2, 3, 4))
    func partners(_ comparison: AsOfComparison) throws -> [Value] {
      try join(comparison, rows, [rows], rows.schema, keys: [0], columns: [1], partitionCount: 1, tableCount: 1, batchRows: 3).map { $0[2] }
    }
    // NaN stands behind 1, both zeros are one, and of those the last counts.
    #expect(try partners(.greaterOrEqual) == [.int64(0), .int64(3), .null, .int64(3), .int64(4)])
    #expect(try partners(.greater) == [.int64(4), .null, .null, .null, .int64(3)])
    #expect(try partners(.less) == [.null, .int64(4), .null, .int64(4), .int64(0)])
  }

  @Test func keysThatDoNotFit() {
    let environment = MemoryEnvironment()
    let probe = ProbeSortedTable(
      AsOfJoin(.less, leftKeys: [0], rightKeys: [0], rightColumns: []), tableSchema: Schema([Field("a", .string)]), partitionCount: 1)
    let error = #expect(throws: Diagnostic.self) {
      try runTask(environment.source(batch(integers(1))), [probe], MakeBlock(), in: environment)
    }
    #expect(error?.code == .badPlan)
  }
}
