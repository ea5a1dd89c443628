// Aggregates over windows: of whole partitions, of the rows up to one, or of those around it.

import DshColumns
import DshDiagnostics
import DshPlan

/// Any aggregate over the rows of frames, with the states that it has in `agg`, so that its results are the same.
struct FrameAggregate {
  private let definition: Aggregate
  private let site: AggregateSite
  private let rows: WindowRows

  /// So many pairs of a row and one that it is computed of are taken at once.
  private static let pairLimit = 1 << 16
  /// Of partitions no longer than this, running results are computed from the rows of each frame: that is less work than a state of its own.
  private static let shortPartition = 48

  init(_ definition: Aggregate, _ call: AggregateCall, _ rows: WindowRows) {
    self.definition = definition
    site = AggregateSite(call, isGlobal: false)
    self.rows = rows
  }

  /// The result for every row, in the order of the partitions.
  func results(type: DataType) throws(RowError) -> Column {
    switch (rows.frame.before, rows.frame.after) {
    case (nil, nil): return try whole()
    case (.some, .some): return try pairwise(rows.partitions.ranges, type)
    case (nil, .some), (.some, nil):
      let ranges = rows.partitions.ranges
      // What depends on the order of rows can't be computed from the end.
      let isPairwise = (rows.frame.before != nil && definition.seesOrder) || ranges.allSatisfy { $0.count <= Self.shortPartition }
      return isPairwise ? try pairwise(ranges, type) : try running(ranges, type)
    }
  }

  private func whole() throws(RowError) -> Column {
    var groups = [UInt32](repeating: 0, count: rows.count)
    for (group, partition) in rows.partitions.ranges.enumerated() {
      for row in partition { groups[row] = UInt32(truncatingIfNeeded: group) }
    }
    let ranges = rows.partitions.ranges
    let results = try results(of: nil, groups: groups, counts: ranges.map(\.count)) { ranges[$0].lowerBound }
    return results.gather(RowIndexes(groups.lazy.map { Int32(truncatingIfNeeded: $0) }))
  }

  /// Each row is a group of its own, of the rows of its frame.
  private func pairwise(_ ranges: [Range<Int>], _ type: DataType) throws(RowError) -> Column {
    var results: [Column] = []
    var members: [Int32] = []
    var groups: [UInt32] = []
    var counts: [Int] = []
    var first = 0
    func flush() throws(RowError) {
      if counts.isEmpty { return }
      let start = first
      results.append(try self.results(of: RowIndexes(members), groups: groups, counts: counts) { start + $0 })
      first += counts.count
      members.removeAll(keepingCapacity: true)
      groups.removeAll(keepingCapacity: true)
      counts.removeAll(keepingCapacity: true)
    }
    for partition in ranges {
      for row in partition {
        let frame = rows.frame(of: row, in: partition)
        let group = UInt32(truncatingIfNeeded: counts.count)
        for member in frame {
          members.append(Int32(truncatingIfNeeded: member))
          groups.append(group)
        }
        counts.append(frame.count)
        if members.count >= Self.pairLimit { try flush() }
      }
    }
    try flush()
    return Column.concatenation(results, type: type)
  }

  /// A state for each partition, which takes in the rows that enter its frame; from the end if that is where all frames end.
  private func running(_ ranges: [Range<Int>], _ type: DataType) throws(RowError) -> Column {
    let builder = ColumnBuilder(type: type, rows: rows.count)
    for partition in ranges {
      let accumulator = definition.makeAccumulator(site)
      accumulator.grow(to: 1)
      let counts = GroupArray<Int64>(initial: 0)
      counts.grow(to: 1)
      let fromEnd = rows.frame.after == nil
      var results: [Column] = []
      var taken = fromEnd ? partition.upperBound : partition.lowerBound
      for offset in 0..<partition.count {
        let row = fromEnd ? partition.upperBound - 1 - offset : partition.lowerBound + offset
        let frame = rows.frame(of: row, in: partition)
        let entering = fromEnd ? frame.lowerBound..<taken : taken..<frame.upperBound
        if !entering.isEmpty {
          accumulator.update(
            rows.arguments.map { AggregateRows(groups: nil, column: $0.slice(from: entering.lowerBound, count: entering.count)) })
          counts[0] += Int64(entering.count)
          taken = fromEnd ? entering.lowerBound : entering.upperBound
        }
        do throws(RowError) { results.append(try definition.result(accumulator, site, counts, 1)) } catch {
          throw RowError(error.diagnostic, row: row, part: error.part)
        }
      }
      for result in fromEnd ? results.reversed() : results { builder.append(result) }
    }
    return builder.finish()
  }

  /// The results of groups of rows; all rows in their order, or some.
  private func results(
    of members: RowIndexes?, groups: [UInt32], counts: [Int], row: (Int) -> Int
  ) throws(RowError) -> Column {
    let accumulator = definition.makeAccumulator(site)
    accumulator.grow(to: counts.count)
    let rowCounts = GroupArray<Int64>(initial: 0)
    rowCounts.grow(to: counts.count)
    for (group, count) in counts.enumerated() { rowCounts[group] = Int64(count) }
    if !groups.isEmpty {
      accumulator.update(rows.arguments.map { AggregateRows(groups: groups, column: members.map($0.gather) ?? $0) })
    }
    do throws(RowError) { return try definition.result(accumulator, site, rowCounts, counts.count) } catch {
      throw RowError(error.diagnostic, row: row(error.row), part: error.part)
    }
  }
}
