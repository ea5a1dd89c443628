// Functions over windows, against looking at the rows of every frame.

import DshColumns
import DshDiagnostics
import DshPlan
import Testing

@testable import DshEngine

@Suite struct ComputeWindowsTests {
  /// The rows of batches, each of which is the input of a task, with their windows, in the order of the dataset.
  private func compute(
    _ inputs: [Batch], _ window: Window, partitionCount: Int, consumers: Int, batchRows: Int, limitBytes: Int = .max
  ) throws -> [[Value]] {
    let environment = MemoryEnvironment(limitBytes: limitBytes)
    var shares = [(slices: [BlockSlice], producers: [Int])](repeating: ([], []), count: consumers)
    for (producer, input) in inputs.enumerated() {
      let report = try runTask(
        environment.source(input), [],
        PartitionRows(window.keys, partitionCount: partitionCount, keepsNulls: true, numbersRows: true), batchRows: batchRows,
        in: environment)
      let block = environment.add(try #require(environment.state.made.last))
      for consumer in 0..<consumers {
        let bounds = [consumer, consumer + 1].map { report.partitionRows.prefix($0 * partitionCount / consumers).reduce(0, +) }
        if bounds[0] == bounds[1] { continue }
        shares[consumer].slices.append(block.part(bounds[0]..<bounds[1]))
        shares[consumer].producers.append(producer)
      }
    }
    var placed: [(place: Int64, row: [Value])] = []
    for share in shares {
      try runTask(
        ComputeWindows(inputs[0].schema, window, inOrder: true).reading(share.slices, of: share.producers), batchRows: batchRows,
        in: environment)
      for row in try #require(environment.state.made.last).rows {
        guard case .int64(let place)? = row.last else { continue }
        placed.append((place, Array(row.dropLast())))
      }
    }
    #expect(environment.state.heldBytes == 0)
    return placed.sorted { $0.place < $1.place }.map(\.row)
  }

  /// Rows of a key, an order and a number, few of each.
  private func rows(_ generator: inout ExpressionGenerator, _ count: Int) -> Batch {
    func pick(_ values: [Int64?]) -> Column {
      column(.int64, (0..<count).map { _ in generator.random.pick(values).map { .int64($0) } ?? .null })
    }
    return batch(pick([1, 2, nil]), pick([3, 1, 2, nil, 7]), pick([5, -4, 11, nil, 2]))
  }

  /// The rows of a partition in its order, by number: equal ones in that of the dataset, nulls last.
  private func ordered(_ members: [Int], _ rows: [[Value]], descending: Bool) -> [Int] {
    func before(_ a: Int64, _ b: Int64) -> Bool { descending ? a > b : a < b }
    return members.sorted { a, b in
      switch (rows[a][1], rows[b][1]) {
      case (.int64(let x), .int64(let y)) where x != y: before(x, y)
      case (.int64, .null): true
      case (.null, .int64): false
      default: a < b
      }
    }
  }

  @Test(arguments: FuzzSeeds.all) func agreesWithLookingAtEveryFrame(seed: UInt64) throws {
    var generator = ExpressionGenerator(random: SplitMix(seed: seed))
    for _ in 0..<20 {
      let inputs = (0..<generator.random.int(1...3)).map { _ in rows(&generator, generator.random.pick([0, 1, 5, 60, 200])) }
      let ends: [Int?] = [nil, 0, 1, 3, 100]
      let frame = WindowFrame(before: generator.random.pick(ends), after: generator.random.pick(ends))
      let descending = generator.random.chance(50)
      let hasKey = generator.random.chance(70)
      let distance = generator.random.int(0...4)
      func call(_ function: String, _ arguments: [Int] = [], constants: [Value] = [], _ frame: WindowFrame = .whole) -> WindowCall {
        WindowCall(name: function, function: function, arguments: arguments, constants: constants, frame: frame, type: .int64)
      }
      let window = Window(
        keys: hasKey ? [0] : [], order: [SortColumn(1, descending: descending)],
        calls: [
          call("row_number"), call("rank"), call("dense_rank"), call("lag", [2], constants: [.int64(Int64(distance))]),
          call("lead", [2], constants: [.int64(Int64(distance))]), call("first", [2], frame), call("last", [2], frame),
          call("sum", [2], frame), call("count", [2], frame), call("min", [2], frame),
        ])
      let all = inputs.flatMap(\.rows)
      var expected = all
      let partitions = Dictionary(grouping: all.indices) { hasKey ? all[$0][0] : .null }
      for members in partitions.values {
        let order = ordered(members, all, descending: descending)
        for (place, row) in order.enumerated() {
          let number = all[row][1]
          let first = order.firstIndex { all[$0][1] == number } ?? place
          let distinct = Set(order[...place].map { all[$0][1] }).count
          func value(_ place: Int) -> Value { order.indices.contains(place) ? all[order[place]][2] : .null }
          let start = frame.before.map { max(0, place - $0) } ?? 0
          let end = frame.after.map { min(order.count, place + $0 + 1) } ?? order.count
          let numbers = order[start..<end].compactMap { row -> Int64? in if case .int64(let number) = all[row][2] { number } else { nil } }
          expected[row] += [
            .int64(Int64(place + 1)), .int64(Int64(first + 1)), .int64(Int64(distinct)), value(place - distance), value(place + distance),
            value(start), value(end - 1), numbers.isEmpty ? .null : .int64(numbers.reduce(0, +)), .int64(Int64(numbers.count)),
            numbers.min().map { .int64($0) } ?? .null,
          ]
        }
      }
      let consumers = hasKey ? generator.random.int(1...3) : 1
      let found = try compute(
        inputs, window, partitionCount: hasKey ? 16 : 1, consumers: consumers, batchRows: generator.random.pick([1, 7, 1000]))
      #expect(found == expected, "\(frame) \(descending) \(hasKey)")
    }
  }

  @Test func aSumThatDoesNotFit() throws {
    let rows = batch(integers(1, 1), integers(1, 2), integers(.max, 1))
    let call = WindowCall(name: "s", function: "sum", arguments: [2], constants: [], frame: .running, type: .int64)
    let window = Window(keys: [0], order: [SortColumn(1, descending: false)], calls: [call])
    let error = #expect(throws: Diagnostic.self) { try compute([rows], window, partitionCount: 1, consumers: 1, batchRows: 8) }
    #expect(error?.code == .integerOverflow)
  }

  @Test func functionsThatAreNotThere() throws {
    let rows = batch(integers(1))
    for (function, type) in [("nothing", DataType.int64), ("rank", .string), ("sum", .float64)] {
      let call = WindowCall(
        name: "x", function: function, arguments: function == "sum" ? [0] : [], constants: [], frame: .whole, type: type)
      let error = #expect(throws: Diagnostic.self) {
        try compute([rows], Window(keys: [], order: [], calls: [call]), partitionCount: 1, consumers: 1, batchRows: 8)
      }
      #expect(error?.code == .badPlan)
    }
  }

  @Test func aStoreThatIsTooSmall() throws {
    let rows = batch(integers(1, 2))
    let call = WindowCall(name: "r", function: "row_number", arguments: [], constants: [], frame: .whole, type: .int64)
    let error = #expect(throws: Diagnostic.self) {
      try compute([rows], Window(keys: [], order: [], calls: [call]), partitionCount: 1, consumers: 1, batchRows: 8, limitBytes: 8)
    }
    #expect(error?.code == .storeFull)
  }
}
