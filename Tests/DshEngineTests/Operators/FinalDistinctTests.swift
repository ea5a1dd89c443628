// First rows of each kind, over all tasks and partitions, in the order of the rows.

import DshColumns
import DshDiagnostics
import DshEngine
import DshPlan
import Testing

@Suite struct FinalDistinctTests {
  /// The first rows of batches, each of which is the input of a task, found by one task for each so many partitions, in order of their places.
  private func distinct(
    _ inputs: [Batch], _ schema: Schema, keys: [Int], partitionCount: Int, consumers: Int, batchRows: Int = 8192, limitBytes: Int = .max
  ) throws -> [[Value]] {
    let environment = MemoryEnvironment(limitBytes: limitBytes)
    var shares = [(slices: [BlockSlice], producers: [Int])](repeating: ([], []), count: consumers)
    for (producer, input) in inputs.enumerated() {
      let report = try runTask(
        environment.source(input), [], PartialDistinct(keys, partitionCount: partitionCount), batchRows: batchRows, in: environment)
      #expect(report.partitionRows.count == partitionCount)
      let made = try #require(environment.state.made.last)
      #expect(report.partitionRows.reduce(0, +) == made.rowCount)
      let block = environment.add(made)
      for consumer in 0..<consumers {
        let bounds = [consumer, consumer + 1].map { report.partitionRows.prefix($0 * partitionCount / consumers).reduce(0, +) }
        // As in an exchange, a consumer sees nothing of tasks that have nothing for it.
        if bounds[0] == bounds[1] { continue }
        shares[consumer].slices.append(block.part(bounds[0]..<bounds[1]))
        shares[consumer].producers.append(producer)
      }
    }
    var placed: [(place: Int64, row: [Value])] = []
    for share in shares {
      try runTask(FinalDistinct(schema, keys: keys).reading(share.slices, of: share.producers), batchRows: batchRows, in: environment)
      let rows = try #require(environment.state.made.last).rows
      let places = rows.map { row -> Int64 in if case .int64(let place)? = row.last { place } else { -1 } }
      #expect(places == places.sorted(), "a consumer gives its rows in order")
      placed += zip(places, rows.map { Array($0.dropLast()) }).map { ($0, $1) }
    }
    #expect(environment.state.heldBytes == 0)
    return placed.sorted { $0.place < $1.place }.map(\.row)
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithLookingAtEveryRow(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for _ in 0..<15 {
      let types = (0..<3).map { _ in generator.random.pick(ExpressionGenerator.types) }
      let inputs = (0..<generator.random.int(1...4)).map { _ in
        let rowCount = generator.random.pick([0, 1, 2, 39, 300])
        return batch(
          types.map { type in
            // Few values, so that many rows are equal.
            let few = (0..<4).map { _ in generator.value(type, nullPercent: 20) }
            let plain = column(type, (0..<rowCount).map { _ in generator.random.pick(few) })
            return generator.random.chance(50) ? plain.dictionaryEncoded() ?? plain : plain
          })
      }
      let keys = generator.random.pick([[0], [1, 2], [0, 1, 2], [2]])
      var seen: Set<[Value]> = []
      let expected = inputs.flatMap(\.rows).filter { row in seen.insert(keys.map { row[$0].key }).inserted }
      let consumers = generator.random.int(1...3)
      let rows = try distinct(
        inputs, inputs[0].schema, keys: keys, partitionCount: generator.random.pick([consumers, 16]), consumers: consumers,
        batchRows: generator.random.pick([1, 7, 1000]))
      #expect(rows.map { $0.map(\.comparable) } == expected.map { $0.map(\.comparable) }, "\(types) \(keys)")
    }
  }

  @Test func noInput() throws {
    #expect(try distinct([], Schema([Field("a", .int64)]), keys: [0], partitionCount: 1, consumers: 1).isEmpty)
  }

  /// Null equals null, NaN equals NaN, and both zeros are equal, as in `agg … by`.
  @Test func valuesThatAreHardToCompare() throws {
    let values: [Double?] = [.nan, -0.0, nil, 0.0, .nan, nil, 1]
    let whole = batch(column(.float64, values.map { $0.map { .float64($0) } ?? .null }))
    let rows = try distinct([whole, whole], whole.schema, keys: [0], partitionCount: 4, consumers: 2)
    #expect(rows.map { $0.map(\.comparable) } == [0, 1, 2, 6].map { [whole.rows[$0][0].comparable] })
  }

  @Test func aStoreThatIsTooSmall() throws {
    let error = #expect(throws: Diagnostic.self) {
      try distinct([batch(integers(1, 2))], Schema([Field("a", .int64)]), keys: [0], partitionCount: 1, consumers: 1, limitBytes: 8)
    }
    #expect(error?.code == .storeFull)
  }

  @Test func keysThatAreNoColumns() {
    let environment = MemoryEnvironment()
    for keys in [[], [1], [-1]] {
      let error = #expect(throws: Diagnostic.self) {
        try runTask(environment.source(batch(integers(1))), [], PartialDistinct(keys, partitionCount: 1), in: environment)
      }
      #expect(error?.code == .badPlan)
    }
  }
}
