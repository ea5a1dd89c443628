// Joins over hash tables, against looking at every pair of rows.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct ProbeHashTableTests {
  /// The rows of a join: the right batches are inputs of a task each, whose partitions so many tasks make hash tables of.
  private func join(
    _ kind: JoinKind, _ left: Batch, _ right: [Batch], _ rightSchema: Schema, keys: [(left: Int, right: Int)], columns: [Int],
    nullsMeet: Bool = false, partitionCount: Int = 16, tableCount: Int = 1, batchRows: Int = 8192, limitBytes: Int = .max
  ) throws -> [[Value]] {
    let environment = MemoryEnvironment(limitBytes: limitBytes)
    var shares = [[BlockSlice]](repeating: [], count: tableCount)
    for rows in right {
      let report = try runTask(
        environment.source(rows), [], PartitionRows(keys.map(\.right), partitionCount: partitionCount, keepsNulls: nullsMeet),
        batchRows: batchRows,
        in: environment)
      #expect(report.partitionRows.count == partitionCount)
      let block = environment.add(try #require(environment.state.made.last))
      for table in 0..<tableCount {
        let bounds = [table, table + 1].map { report.partitionRows.prefix($0 * partitionCount / tableCount).reduce(0, +) }
        if bounds[0] < bounds[1] { shares[table].append(block.part(bounds[0]..<bounds[1])) }
      }
    }
    var tables: [(slice: BlockSlice, number: Int)] = []
    for (number, share) in shares.enumerated() where !share.isEmpty {
      try runTask(
        BuildHashTable(rightSchema, keys: keys.map(\.right), nullsMeet: nullsMeet).reading(share), batchRows: batchRows, in: environment)
      tables.append((environment.add(try #require(environment.state.made.last)), number))
    }
    let join = Join(
      kind, leftKeys: keys.map(\.left), rightKeys: keys.map(\.right),
      rightColumns: columns.map { Join.RightColumn($0, name: "right \($0)") }, nullsMeet: nullsMeet)
    let probe = ProbeHashTable(join, tableSchema: rightSchema, partitionCount: partitionCount).reading(
      tables.map(\.slice), of: tables.map(\.number), producerCount: tableCount)
    try runTask(environment.source(left), [probe], MakeBlock(), batchRows: batchRows, in: environment)
    #expect(environment.state.heldBytes == 0)
    return try #require(environment.state.made.last).rows
  }

  /// The same by looking at every pair.
  private func pairs(
    _ kind: JoinKind, _ left: Batch, _ right: [Batch], keys: [(left: Int, right: Int)], columns: [Int], nullsMeet: Bool
  ) -> [[Value]] {
    let partners = right.flatMap(\.rows)
    return left.rows.flatMap { row -> [[Value]] in
      let found = partners.filter { partner in
        keys.allSatisfy { (nullsMeet || !row[$0.left].isNull) && row[$0.left].key == partner[$0.right].key }
      }
      switch kind {
      case .semi: return found.isEmpty ? [] : [row]
      case .anti: return found.isEmpty ? [row] : []
      case .left where found.isEmpty: return [row + columns.map { _ in .null }]
      case .inner, .left: return found.map { partner in row + columns.map { partner[$0] } }
      }
    }
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithLookingAtEveryPair(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for _ in 0..<15 {
      let types = (0..<3).map { _ in generator.random.pick(ExpressionGenerator.types) }
      let few = types.map { type in (0..<5).map { _ in generator.value(type, nullPercent: 20) } }
      func rows(_ count: Int) -> Batch {
        batch(
          zip(types, few).map { type, few in
            let plain = column(type, (0..<count).map { _ in generator.random.pick(few) })
            return generator.random.chance(50) ? plain.dictionaryEncoded() ?? plain : plain
          })
      }
      let left = rows(generator.random.pick([0, 1, 30, 200]))
      let right = (0..<generator.random.int(0...3)).map { _ in rows(generator.random.pick([0, 1, 2, 39])) }
      let keys = generator.random.pick([[0], [1, 2], [0, 1, 2], [2]]).map { (left: $0, right: $0) }
      let kind = generator.random.pick(JoinKind.allCases)
      let columns = kind == .inner || kind == .left ? [1, 2] : []
      let tables = generator.random.int(1...3)
      let nullsMeet = generator.random.chance(30)
      let found = try join(
        kind, left, right, left.schema, keys: keys, columns: columns, nullsMeet: nullsMeet,
        partitionCount: generator.random.pick([tables, 16]),
        tableCount: tables, batchRows: generator.random.pick([1, 7, 1000]))
      let expected = pairs(kind, left, right, keys: keys, columns: columns, nullsMeet: nullsMeet)
      #expect(found.map { $0.map(\.comparable) } == expected.map { $0.map(\.comparable) }, "\(kind) \(types) \(keys)")
    }
  }

  /// Keys that have a bit each, and keys too far apart for that; few or most of the left have partners.
  @Test(arguments: FuzzSeeds.all) func wholeNumbersCloseTogetherAndFarApart(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed &+ 40))
    for factor in [1, 2, 5, 13, 17, 1000, 1 << 40] as [Int64] {
      // Ranges of keys at the ends of what there is, too.
      let origin: Int64 = generator.random.pick([0, .min + 60 * factor, .max - 60 * factor])
      func rows(_ count: Int, _ range: ClosedRange<Int>) -> Batch {
        let keys: [Value] = (0..<count).map { _ in
          generator.random.chance(5) ? .null : .int64(origin + Int64(generator.random.int(range)) * factor)
        }
        return batch(column(.int64, keys), column(.int64, (0..<count).map { .int64(Int64($0)) }))
      }
      let left = rows(300, -60...60)
      let right = [rows(generator.random.pick([40, 400]), generator.random.pick([-60 ... -40, -60...60])), rows(3, -1...1)]
      for kind in JoinKind.allCases {
        let columns = kind == .inner || kind == .left ? [1] : []
        let found = try join(
          kind, left, right, left.schema, keys: [(0, 0)], columns: columns, tableCount: 2, batchRows: generator.random.pick([7, 1000]))
        #expect(found == pairs(kind, left, right, keys: [(0, 0)], columns: columns, nullsMeet: false), "\(kind) times \(factor)")
      }
    }
  }

  /// Ranges wider than a tag has bits: evenly filled ones are buckets, those with too many rows in one are not.
  @Test(arguments: [1, 2, 7]) func wideRanges(tableCount: Int) throws {
    func rows(_ keys: [Int64]) -> Batch {
      batch(column(.int64, keys.map { .int64($0) }), column(.int64, keys.indices.map { .int64(Int64($0)) }))
    }
    let even = (0..<300).map { Int64($0) * 97 - 15_000 }
    let cases: [[Int64]] = [
      even, Array(even.reversed()), Array(0..<200) + [90_000], even + Array(0..<40), Array(repeating: 5, count: 60) + even,
    ]
    let left = rows(even.filter { $0 % 3 == 0 } + Array(-30..<60) + [.min, .max, -15_001, -14_999, 90_000, 100_000])
    for right in cases {
      for kind in JoinKind.allCases {
        let columns = kind == .inner || kind == .left ? [1] : []
        let found = try join(
          kind, left, [rows(right)], left.schema, keys: [(0, 0)], columns: columns, partitionCount: 16, tableCount: tableCount,
          batchRows: 1000)
        let expected = pairs(kind, left, [rows(right)], keys: [(0, 0)], columns: columns, nullsMeet: false)
        #expect(found == expected, "\(kind) \(right.prefix(3))")
      }
    }
  }

  @Test func valuesThatAreHardToCompare() throws {
    let values: [Double?] = [.nan, -0.0, nil, 0.0, 1]
    let rows = batch(column(.float64, values.map { $0.map { .float64($0) } ?? .null }))
    let found = try join(.inner, rows, [rows], rows.schema, keys: [(0, 0)], columns: [0])
    #expect(found.count == 6, "NaN meets NaN, each zero meets both, 1 meets 1, null meets nothing")
  }

  /// One batch brings forth more rows than a batch may have.
  @Test func manyPartners() throws {
    let numbers: [Value] = (0..<700).map { .int64($0) }
    let ones = batch(column(.int64, numbers.map { _ in .int64(1) }), column(.int64, numbers))
    let found = try join(.inner, ones, [ones], ones.schema, keys: [(0, 0)], columns: [1], tableCount: 2)
    #expect(found.count == 490_000)
    for (index, row) in found.enumerated() where row[1] != numbers[index / 700] || row[2] != numbers[index % 700] {
      Issue.record("row \(index): \(row)")
      break
    }
  }

  @Test func aStoreThatIsTooSmall() throws {
    let rows = batch(integers(1, 2, 3))
    let error = #expect(throws: Diagnostic.self) {
      try join(.inner, rows, [rows], rows.schema, keys: [(0, 0)], columns: [], limitBytes: 8)
    }
    #expect(error?.code == .storeFull)
  }

  @Test func keysThatDoNotFit() {
    let environment = MemoryEnvironment()
    let rows = batch(integers(1))
    for keys in [[], [1], [-1]] {
      let error = #expect(throws: Diagnostic.self) {
        try runTask(environment.source(rows), [], PartitionRows(keys, partitionCount: 2), in: environment)
      }
      #expect(error?.code == .badPlan)
    }
    let join = Join(.inner, leftKeys: [0], rightKeys: [0], rightColumns: [])
    let probe = ProbeHashTable(join, tableSchema: Schema([Field("a", .string)]), partitionCount: 1)
    let error = #expect(throws: Diagnostic.self) { try runTask(environment.source(rows), [probe], MakeBlock(), in: environment) }
    #expect(error?.code == .badPlan)
  }
}
