// Finds out the tasks of a stage: cuts files, and runs the stages below as far as their outputs are needed for that.

import DshColumns
import DshDiagnostics
import DshEngine
import DshFormats
import DshPlan
import DshPlanner
import DshStore
import DshSystem

extension GraphRunner {
  /// The tasks of a stage; what they need of other stages is there afterwards.
  func tasks(of stage: Stage) throws -> StageTasks {
    let branches = try stage.branches.map { try tasks(of: $0, for: stage) }
    guard case .window(let wanted, let counts) = stage.output else { return StageTasks(stage, branches) }
    // Of the last of them perhaps not all are counted; those behind are not wanted.
    let counted = try StageTasks(counts, branches).knownRows ?? run(counts).verified.map(\.report.rowsOut)
    return StageTasks(stage, branches, rowCounts: counted, wanted)
  }

  /// The steps of a branch with the blocks that they read, which are there afterwards.
  private func steps(of branch: Branch) throws -> [any StepSpec] {
    var steps = branch.steps
    for side in branch.sides {
      let outputs = try run(side.stage).verified.map(\.slice)
      let filled = outputs.enumerated().compactMap { producer, slice in slice.map { (slice: $0, producer: producer) } }
        .filter { !$0.slice.rows.isEmpty }
      steps[side.step] = steps[side.step].reading(
        filled.map(\.slice), of: filled.map(\.producer), producerCount: outputs.count)
    }
    return steps
  }

  /// The tasks of a branch of a stage.
  func tasks(of branch: Branch, for stage: Stage) throws -> BranchTasks {
    var tasks = try placed(try sources(of: branch, for: stage), of: branch)
    if !branch.sides.isEmpty { tasks.steps = try steps(of: branch) }
    return tasks
  }

  private func sources(of branch: Branch, for stage: Stage) throws -> BranchTasks {
    switch branch.input {
    case .files(let source, let columns):
      let pruned = FilePruning(source, columns: columns, of: branch)
      var tasks = try self.tasks(of: pruned.source, columns: columns)
      if pruned.source.files.count < source.files.count { tasks.files = (pruned.source.files.count, source.files.count) }
      return tasks
    case .range(let start, let end, let step, let blocks): return ranges(start, end, step, blocks)
    case .rows(let schema, let rows):
      return BranchTasks(rows.isEmpty ? [] : [BranchTasks.Source(source: LiteralRows(schema, rows), origin: "rows")])
    case .persisted(let plan):
      let all = try restore(plan).blocks
      let pruned = TaskPruning(all, of: branch, in: stage, schema: plan.schema)
      var tasks =
        coalesced(pruned.blocks, of: branch, in: stage, schema: plan.schema)
        ?? blocks(pruned.blocks.map { (BlockSlice($0.block), $0.origin, $0.statistics) }, plan.schema)
      tasks.skipped = all.count - pruned.blocks.count
      tasks.bound = pruned.bound
      return tasks
    case .blocks(let stage, let firstRows):
      var remaining = firstRows ?? .max
      let slices = try run(stage).verified.compactMap { output -> (BlockSlice, String, [ColumnStatistics])? in
        guard let slice = output.slice, remaining > 0, !slice.rows.isEmpty else { return nil }
        defer { remaining -= min(remaining, slice.rows.count) }
        return (slice.prefix(remaining), output.origin, [])
      }
      return blocks(slices, stage.schema)
    case .cut(let stage, let size): return try cut(stage, size)
    case .zip(let left, let right, let origin): return try zipped(left, right, origin)
    case .exchange(let exchange): return try consumers(of: exchange)
    case .ordered(let exchange, let alone):
      let consumers = try consumers(of: alone)
      return consumers.count == 1 ? consumers : try self.consumers(of: exchange)
    }
  }

  private func blocks(_ slices: [(slice: BlockSlice, origin: String, statistics: [ColumnStatistics])], _ schema: Schema) -> BranchTasks {
    BranchTasks(
      slices.map { slice, origin, statistics in
        BranchTasks.Source(
          source: BlockRows(schema, slice), origin: origin, preferredNode: slice.block.node == 0 ? nil : slice.block.node,
          statistics: [statistics])
      })
  }

  // MARK: Ranges

  private func ranges(_ start: Int64, _ end: Int64, _ step: Int64, _ blocks: Int?) -> BranchTasks {
    let count = rangeCount(start, end, step)
    // A block of a million rows is 8 MiB, and less where stores are small; a range too long for any store has larger parts, so that its first rows are still there at once.
    // Blocks that are asked for differ by one row at most, and none is empty.
    let blockRows = max(min(1 << 20, blockBytes / rangeRowBytes), count / rangePartLimit)
    let blockCount = min(count, blocks.map { min($0, rangePartLimit) } ?? (count / blockRows + (count % blockRows == 0 ? 0 : 1)))
    let (rest, more) = blockCount == 0 ? (0, 0) : (count / blockCount, count % blockCount)
    return BranchTasks(count: blockCount, largestBytes: blockCount == 0 ? 0 : min(count, blocks == nil ? blockRows : rest + 1) * 8) {
      block in
      let first = blocks == nil ? block * blockRows : block * rest + min(block, more)
      let rows = blocks == nil ? min(blockRows, count - first) : rest + (block < more ? 1 : 0)
      let from = start &+ Int64(first) &* step
      return BranchTasks.Source(
        source: NumberRange(start: from, step: step, count: rows), origin: "range \(from)…\(from &+ Int64(rows - 1) &* step)")
    }
  }

  // MARK: Files

  private func tasks(of source: FileSource, columns: [Int]) throws -> BranchTasks {
    let cutting = FileCutting(source)
    let reads = FileReads(source, columns: columns)
    var largestBytes = 0
    let producers = try cutting.units.map { unit -> Producer in
      var identity = ByteWriter()
      switch unit {
      case .cut(let index, let splits):
        let file = source.files[index]
        // A file that is gone has changed as well: finding it again says what is missing.
        guard source.isUnchanged(file) else { throw FileChanged(path: file.path) }
        identity.write(operation: reads.split(of: file))
        identity.write(splits.count)
        largestBytes = max(largestBytes, splits.first?.count ?? 0)
        return Producer(identity: identity.bytes, taskCount: splits.count)
      case .packed(let files):
        // Whoever opens the files finds out whether they have changed.
        let read = reads.whole(files)
        identity.write(operation: read)
        largestBytes = max(largestBytes, read.sizeBytes)
        return Producer(identity: identity.bytes, taskCount: 1)
      }
    }
    return BranchTasks(count: cutting.taskCount, largestBytes: largestBytes, producers: producers) { task in
      let (unit, split) = cutting.place(ofTask: task)
      switch cutting.units[unit] {
      case .cut(let index, let splits): return reads.source(split, of: index, splits)
      case .packed(let files): return reads.source(files)
      }
    }
  }
}

/// What the tasks of a `read` read.
private struct FileReads {
  let source: FileSource
  let columns: [Int]
  private let names: [String]

  init(_ source: FileSource, columns: [Int]) {
    self.source = source
    self.columns = columns
    names = columns.map { source.schema[$0].name }
  }

  /// What reads a file, without a range.
  func split(of file: SourceFile) -> ReadSplit {
    let shape = source.shape(of: file)
    var wanted: [Int] = []
    let readColumns = columns.map { index -> ReadColumn in
      let field = source.schema[index]
      if let column = source.pathColumn, field.name.isExactly(column) { return .constant(.string(file.name), .string) }
      if let known = file.partition.first(where: { $0.column.isExactly(field.name) }) { return .constant(known.value, field.type) }
      guard let own = shape.schema.index(of: field.name) else { return .missing(field.type) }
      wanted.append(own)
      return .scanned(wanted.count - 1)
    }
    var scan = FileScan(
      format: shape.format, path: file.path, name: file.givenName, identity: file.identity, layout: shape.layout, schema: shape.schema,
      wanted: wanted, bytes: 0..<0, startIsExact: false)
    scan.isAssumed = file.isAssumed
    scan.isMapped = source.isMapped
    return ReadSplit(scan, columns: readColumns, names: names)
  }

  /// A task that reads a part of a file.
  func source(_ split: Int, of index: Int, _ splits: FileSplits) -> BranchTasks.Source {
    let file = source.files[index]
    let range = splits[split]
    var part = self.split(of: file)
    part.scan.bytes = range
    part.scan.startIsExact = split == 0 || source.shape(of: file).reading?.guessesStarts == false
    return BranchTasks.Source(
      source: part, origin: "\(fileName(file.name)) bytes \(groupedText(range.lowerBound))-\(groupedText(range.upperBound))",
      split: SplitPlace(branch: 0, file: index, split: split, path: file.path, identity: file.identity, start: range.lowerBound))
  }

  /// Several files with all that is in them.
  func whole(_ files: Range<Int>) -> ReadFiles {
    ReadFiles(
      source.files[files].map { file in
        var part = split(of: file)
        part.scan.bytes = file.sizeBytes - file.dataBytes..<file.sizeBytes
        part.scan.startIsExact = true
        return part
      })
  }

  /// A task that reads several files.
  func source(_ files: Range<Int>) -> BranchTasks.Source {
    let (first, last) = (source.files[files.lowerBound], source.files[files.upperBound - 1])
    let others = files.count == 1 ? "" : " … \(fileName(last.name)) (\(counted(files.count, "file")))"
    return BranchTasks.Source(
      source: whole(files), origin: fileName(first.name) + others,
      split: SplitPlace(branch: 0, file: files.lowerBound, split: 0, path: first.path, identity: first.identity, start: 0))
  }
}

extension FileSource {
  /// Whether a file is what it was when it was named. One that nobody changes may have lost its name since, and is the same all the same.
  func isUnchanged(_ file: SourceFile) -> Bool {
    guard let now = (try? FileStatus(path: file.path)).map({ FileIdentity($0) }) else { return false }
    return isMapped ? now.hasContent(of: file.identity) : now == file.identity
  }
}

/// A range is cut into at most so many parts.
private let rangePartLimit = 4096
/// A number, without what is made of it.
private let rangeRowBytes = 8

/// The part of a path behind its last slash.
func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
