// Cuts a plan into units: whatever can be fused is fused; an exchange, a limit or stored blocks end a stage.

import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan
import DshStore
import DshSystem

extension PlanExecutor {
  /// The units whose results, one after another, are the rows of the plan. Stages below run here; the units themselves don't.
  func prepare(_ plan: LogicalPlan) throws -> [WorkUnit] {
    switch plan {
    case .read(let source, let columns): return try splits(of: source, columns: columns)
    case .range(let start, let end, let step, let blocks): return ranges(start, end, step, blocks)
    case .rows(let schema, let rows): return rowUnits(schema, rows)
    case .project(let input, let columns): return try prepare(input).map { $0.adding(.project(columns)) }
    case .filter(let input, let predicate): return try prepare(input).map { $0.adding(.filter(predicate)) }
    case .union(let inputs):
      // Files of different inputs are numbered apart, so that their splits are verified apart.
      var units: [WorkUnit] = []
      for input in inputs {
        let offset = (units.compactMap { $0.fileVersion?.file }.max() ?? -1) + 1
        units += try prepare(input).map { unit in
          var moved = unit
          moved.fileVersion?.file += offset
          return moved
        }
      }
      return units
    case .limit(let input, let count, let offset): return try limited(prepare(input), count: count, offset: offset)
    case .aggregate(let input, let aggregation): return try aggregated(prepare(input), aggregation)
    case .sort(let input, let keys): return try sorted(prepare(input), schema: input.schema, keys: keys, origin: "sort")
    case .stored(let inner): return try storedUnits(inner)
    }
  }

  func blockUnit(_ slice: BlockSlice, origin: String) -> WorkUnit {
    WorkUnit(source: .block(slice), steps: [], preferredNode: slice.location.node == 0 ? nil : slice.location.node, origin: origin)
  }

  private func ranges(_ start: Int64, _ end: Int64, _ step: Int64, _ blocks: Int?) -> [WorkUnit] {
    let count = rangeCount(start, end, step)
    // A block of a million rows is 8 MiB; a range too long for any store has larger parts, so that its first rows are still there at once.
    // Blocks that are asked for differ by one row at most, and none is empty.
    let blockRows = max(1 << 20, count / rangePartLimit)
    let blockCount = min(count, blocks.map { min($0, rangePartLimit) } ?? (count / blockRows + (count % blockRows == 0 ? 0 : 1)))
    let (rest, more) = blockCount == 0 ? (0, 0) : (count / blockCount, count % blockCount)
    return (0..<blockCount).map { block in
      let first = blocks == nil ? block * blockRows : block * rest + min(block, more)
      let rows = blocks == nil ? min(blockRows, count - first) : rest + (block < more ? 1 : 0)
      let from = start &+ Int64(first) &* step
      return WorkUnit(
        source: .range(start: from, step: step, count: rows), steps: [],
        origin: "range \(from)…\(from &+ Int64(rows - 1) &* step)")
    }
  }

  private func rowUnits(_ schema: Schema, _ rows: [[Value]]) -> [WorkUnit] {
    rows.isEmpty ? [] : [WorkUnit(source: .rows(schema, rows), steps: [], origin: "rows")]
  }

  // MARK: Files

  private func splits(of source: FileSource, columns: [Int]) throws -> [WorkUnit] {
    var units: [WorkUnit] = []
    for (fileIndex, file) in source.files.enumerated() {
      try checkUnchanged(file)
      var wanted: [Int] = []
      let readColumns = columns.map { index -> ReadColumn in
        let field = source.schema[index]
        if let column = source.pathColumn, field.name.isExactly(column) { return .path(file.name) }
        guard let own = file.schema.index(of: field.name) else { return .missing(field.type) }
        wanted.append(own)
        return .scanned(wanted.count - 1)
      }
      let names = columns.map { source.schema[$0].name }
      let reading = try FormatRegistry.named(file.format).readingOrRefusal()
      for (splitIndex, range) in file.splits(reading, in: source).enumerated() {
        let scan = FileScan(
          format: file.format, path: file.path, name: file.givenName, identity: file.identity, layout: file.layout, schema: file.schema,
          wanted: wanted, bytes: range, startIsExact: splitIndex == 0 || !reading.guessesStarts)
        var unit = WorkUnit(
          source: .file(scan, columns: readColumns, names: names), steps: [],
          origin: "\(fileName(file.name)) bytes \(grouped(range.lowerBound))-\(grouped(range.upperBound))",
          fileVersion: FileVersion(identity: file.identity, file: fileIndex, split: splitIndex))
        if !knownStarts.isEmpty { unit.exactStart = unit.place.flatMap { knownStarts[$0] } }
        units.append(unit)
      }
    }
    return units
  }

  private func checkUnchanged(_ file: SourceFile) throws {
    // A file that is gone has changed as well: finding it again says what is missing.
    guard let status = try? FileStatus(path: file.path), FileIdentity(status) == file.identity else { throw FileChanged(path: file.path) }
  }

  // MARK: Stored datasets

  /// The blocks of a kept dataset; what is missing is computed again and kept as before.
  private func storedUnits(_ plan: LogicalPlan) throws -> [WorkUnit] {
    let dataset = try restore(plan)
    return dataset.blocks.map { blockUnit(BlockSlice($0.location), origin: $0.origin) }
  }
}

/// A range is cut into at most so many parts.
private let rangePartLimit = 4096

/// The part of a path behind its last slash.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }

/// A whole number with commas between thousands.
public func grouped(_ number: Int) -> String {
  var digits = Array(String(number.magnitude))
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

extension SourceFile {
  func splits(_ reading: any FormatReading, in source: FileSource) -> FileSplits {
    reading.splits(
      of: FileDescription(schema: schema, dataStart: dataStart, layout: layout), sizeBytes: sizeBytes, blockBytes: source.blockBytes,
      spreads: source.spreads)
  }
}

extension WorkUnit {
  func adding(_ step: TaskStep) -> WorkUnit {
    var unit = self
    unit.steps.append(step)
    return unit
  }
}
