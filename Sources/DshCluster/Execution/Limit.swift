// `limit`: the rows with certain numbers. With an offset, rows are counted first, and only those that are wanted are made.

import DshColumns
import DshPlan
import DshStore

extension PlanExecutor {
  /// The rows behind the first `offset` ones, at most `count`, as slices of blocks.
  func limited(_ units: [WorkUnit], count: Int, offset: Int) throws -> [WorkUnit] {
    guard count > 0 else { return [] }
    guard offset > 0 else {
      let (results, _) = try run(units, sink: .block(limit: count), stopAfterRows: count, passesBlocks: true, stage: "limit")
      var remaining = count
      return results.compactMap { result in
        guard let slice = result.slice, remaining > 0, !slice.rows.isEmpty else { return nil }
        defer { remaining -= min(remaining, slice.rows.count) }
        return blockUnit(slice.prefix(remaining), origin: result.origin)
      }
    }
    let (end, overflow) = offset.addingReportingOverflow(count)
    let wanted = offset..<(overflow ? .max : end)
    let counts = try rowCounts(units, upTo: wanted.upperBound)
    var first = 0
    var tasks: [UnitTask] = []
    for (unit, rows) in zip(units, counts) {
      let part = wanted.clamped(to: first..<first + rows)
      if !part.isEmpty {
        tasks.append(
          task(unit.rows(part.lowerBound - first..<part.upperBound - first), .rows(part.lowerBound - first..<part.upperBound - first)))
      }
      first += rows
    }
    let (results, _) = try run(tasks, passesBlocks: true, stage: "limit")
    return results.compactMap { result in result.slice.map { blockUnit($0, origin: result.origin) } }
  }

  /// The rows of the units that have the first so many together; of the last of them perhaps not all are counted.
  private func rowCounts(_ units: [WorkUnit], upTo limit: Int) throws -> [Int] {
    let known = units.compactMap(\.knownRows)
    if known.count == units.count { return known }
    let (results, _) = try run(units.map(\.counting), sink: .count(limit: limit), stopAfterRows: limit, stage: "row counts")
    return results.map(\.report.rowsOut)
  }
}

extension WorkUnit {
  /// How many rows it has, where that is known before it runs.
  var knownRows: Int? {
    if steps.contains(where: \.isFilter) { return nil }
    switch source {
    case .range(_, _, let count): return count
    case .rows(_, let rows): return rows.count
    case .block(let slice): return slice.rows.count
    case .runs(let slices, _, _): return slices.reduce(0) { $0 + $1.rows.count }
    case .file, .groups, .copy: return nil
    }
  }

  /// The same rows for counting alone: what comes behind the last filter changes no count, and without filters no column matters.
  var counting: WorkUnit {
    var unit = self
    while let last = unit.steps.last, !last.isFilter { unit.steps.removeLast() }
    if unit.steps.isEmpty, case .file(var scan, _, _) = source {
      scan.wanted = []
      unit.source = .file(scan, columns: [], names: [])
    }
    return unit
  }

  /// The rows of a block with these numbers, if it is nothing but rows of a block; else the same unit.
  fileprivate func rows(_ range: Range<Int>) -> WorkUnit {
    guard case .block(let slice) = source, steps.isEmpty else { return self }
    var unit = self
    unit.source = .block(slice.part(range))
    return unit
  }
}

extension TaskStep {
  var isFilter: Bool {
    if case .filter = self { true } else { false }
  }
}
