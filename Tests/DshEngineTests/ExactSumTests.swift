// Sums, means and deviations of doubles: to the last digit, whatever the order and the split.
import DshColumns
import DshPlan
import Testing

@testable import DshEngine

/// The aggregates of values that come in batches of so many rows, by so many tasks whose partial states are merged.
private func aggregate(_ values: [Double], batchRows: Int, tasks: Int, keys: Int = 0) throws -> [[Value]] {
  let keyed = keys > 0 ? [NamedExpression("k", .column(1, .int64))] : []
  let aggregation = Aggregation(
    keys: keyed,
    aggregates: try [call("sum", .float64), call("mean", .float64), call("std", .float64), call("count"), call("min", .float64)])
  let merged = try GroupedAggregator(aggregation)
  let share = (values.count + tasks - 1) / tasks
  for task in 0..<tasks {
    let part = try GroupedAggregator(aggregation, inputs: [.float64, .int64])
    let rows = Array(values.enumerated())[min(task * share, values.count)..<min((task + 1) * share, values.count)]
    for start in stride(from: rows.startIndex, to: rows.endIndex, by: batchRows) {
      let batch = rows[start..<min(start + batchRows, rows.endIndex)]
      let columns = [
        column(.float64, batch.map { .float64($0.element) }), column(.int64, batch.map { .int64(Int64($0.offset % max(keys, 1))) }),
      ]
      try part.update(columns, rowCount: batch.count)
    }
    for partition in part.partialBatches(keys > 0 ? 4 : 1) { merged.merge(partition) }
  }
  let result = try merged.finish()
  return (0..<result.rowCount).map { result.row($0) }
}

private func total(_ values: Double...) throws -> Value { try aggregate(values, batchRows: 8, tasks: 1)[0][0] }
private func deviation(_ values: Double...) throws -> Value { try aggregate(values, batchRows: 8, tasks: 1)[0][2] }

private let least = Double.leastNonzeroMagnitude
private let small = least * 6000

@Suite struct ExactSumTests {
  @Test func nothingIsLost() throws {
    #expect(try total(1e16, 1, -1e16) == .float64(1))
    #expect(try total(1e300, 1e150, 1, 1e-150, -1, -1e150, -1e300) == .float64(1e-150))
    #expect(try total(0.1, 0.2, -0.3) == .float64(0x1p-55))
    #expect(try total(least, 1, -1) == .float64(least))
  }

  @Test func sumsMayBeLargerThanADoubleOnTheWay() throws {
    let large = Double.greatestFiniteMagnitude
    #expect(try total(large, large, large, -large, -large) == .float64(large))
    #expect(try total(large, large) == .float64(.infinity))
    #expect(try total(-large, -large, 1) == .float64(-.infinity))
  }

  @Test func whatIsNotFiniteWins() throws {
    #expect(try total(1, .infinity, -1e308, 3) == .float64(.infinity))
    guard case .float64(let sum) = try total(.infinity, 1, -.infinity), case .float64(let mixed) = try deviation(1, .infinity, 2) else {
      return #expect(Bool(false))
    }
    #expect(sum.isNaN && mixed.isNaN)
  }

  @Test func deviationsDoNotCancel() throws {
    #expect(try deviation(1e15, 1e15 + 1, 1e15 + 2) == .float64(1))
    #expect(try deviation(7, 7, 7, 7) == .float64(0))
    #expect(try deviation(1e300, -1e300) == .float64(2.0.squareRoot() * 1e300))
    #expect(try deviation(small, -small, small, -small).isNear(small * (4.0 / 3).squareRoot()))
    #expect(try deviation(1e200, 1e-200, 0) == deviation(0, 1e-200, 1e200))
  }

  @Test func noOrderAndNoSplitShows() throws {
    var generator = SystemRandomNumberGenerator()
    let hard = (0..<60).map { index -> Double in
      let sign: Double = index % 2 == 0 ? 1 : -1
      return sign * (1 + Double(index) / 7) * Double(sign: .plus, exponent: [0, 53, -900, 700, 1000, -1060][index % 6], significand: 1)
    }
    for values in [hard, hard + hard.map { -$0 }, hard.filter { abs($0) < 1e20 }, [1e16, 1, -1e16, 3, 1e16, 1, -1e16]] {
      let expected = try aggregate(values, batchRows: values.count, tasks: 1)
      for (batchRows, tasks) in [(1, 1), (7, 1), (2, 5), (3, values.count), (600, 2)] {
        #expect(try aggregate(values, batchRows: batchRows, tasks: tasks) == expected)
        #expect(try aggregate(values.shuffled(using: &generator), batchRows: batchRows, tasks: tasks) == expected)
      }
      let grouped = try aggregate(values, batchRows: values.count, tasks: 1, keys: 3)
      for tasks in [2, 5] { #expect(try aggregate(values, batchRows: 4, tasks: tasks, keys: 3) == grouped) }
    }
  }

  /// Many rows in the order of batches, where independent lanes are used, and one at a time.
  @Test func lanesAreSums() throws {
    let values = (0..<3000).map { Double($0 * 7919 % 1000) / 100 - 4.995 } + [1e17, -1e17]
    #expect(try aggregate(values, batchRows: 8192, tasks: 1) == aggregate(values, batchRows: 1, tasks: 1))
  }

  /// Few groups of many rows, which have states in lanes, and batches too small for that.
  @Test func fewGroupsAreSums() throws {
    let wide = [1e9, 1e-9, 0x1p40, 0x1p-30, 1e300, least, .infinity, .nan, -0.0]
    for (name, spread) in [("prices", [Double]()), ("wide", wide), ("one infinity", [.infinity]), ("powers", [1e12, 1e-12])] {
      let values = (0..<4000).map { index -> Double in
        let price = Double(index * 7919 % 100_003) / 100 - 333
        return spread.isEmpty || index % 97 != 0 ? price : spread[index / 97 % spread.count] * (index % 2 == 0 ? 1 : -1)
      }
      for keys in [1, 2, 3, 7, 32, 33] {
        let few = try aggregate(values, batchRows: 4000, tasks: 1, keys: keys)
        let single = try aggregate(values, batchRows: 16, tasks: 1, keys: keys)
        #expect(few.map { "\($0)" } == single.map { "\($0)" }, "\(name), \(keys) groups")
      }
    }
  }

  @Test func exactNumbersRoundOnce() {
    var number = ExactNumber()
    number.add(1)
    number.add(0x1p-53)
    #expect(number.rounded == 1)
    number.add(least)
    #expect(number.rounded == 1.0.nextUp)
    number.add(-least)
    number.add(0x1p-52)
    #expect(number.rounded == 1.0.nextUp.nextUp)
    number.add(-1)
    #expect(number.rounded == 3 * 0x1p-53)
    number.add(-0x1p-51)
    #expect(number.rounded == -0x1p-53 && (number * number).rounded == 0x1p-106)
    #expect(number.takeNearest() == -0x1p-53 && number.isZero && number.rounded == 0)
  }
}

extension Value {
  fileprivate func isNear(_ other: Double) -> Bool {
    if case .float64(let number) = self { abs(number - other) <= other.ulp * 2 } else { false }
  }
}
