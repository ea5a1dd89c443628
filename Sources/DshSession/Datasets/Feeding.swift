// Reads of a stream what an action needs: the first rows come before the stream has ended.

import DshDiagnostics
import DshFormats
import DshLanguage
import DshPlan
import DshSystem
import DshBackend
import DshColumns

extension Session {
  /// Beyond this, what looks wrong at the end of a stream is no record that has not come whole yet.
  static let patienceBytes = 64 << 20

  /// Reads the streams of a dataset as far as an action needs them.
  ///
  /// - Parameter rows: asked only where a stream is open: how many rows are enough; nil for all.
  func feed(_ dataset: Int, rows: () throws -> Int?) throws {
    for files in state.files.elements where !files.decoded.isEmpty {
      if let changed = files.changedDecodedFile, try state.plan(of: dataset).reads(changed) { throw FileChanged(path: changed) }
    }
    guard streams.hasOpen else { return }
    try feed(try state.plan(of: dataset), rows: try rows())
    for file in state.files.indices { try refresh(&state.files[file].source) }
  }

  /// Reads the streams of a plan to their ends.
  func feed(_ plan: LogicalPlan) throws {
    guard streams.hasOpen else { return }
    try feed(plan, rows: nil)
    for file in state.files.indices { try refresh(&state.files[file].source) }
  }

  func feed(_ plan: LogicalPlan, rows: Int?) throws {
    switch plan {
    case .stored, .range, .rows: return
    case .limit(let input, let count, let offset):
      let (needed, overflow) = min(count, rows ?? .max).addingReportingOverflow(offset)
      try feed(input, rows: overflow ? nil : needed)
    case .union(let inputs): for input in inputs { try feed(input, rows: rows) }
    case .operation(let operation, _) where operation.step.readsForward: try feedForward(plan, rows: rows)
    case .aggregate, .sort, .operation: for input in plan.inputs { try feed(input, rows: nil) }
    case .read, .project, .filter: try feedForward(plan, rows: rows)
    }
  }

  private func feedForward(_ plan: LogicalPlan, rows: Int?) throws {
    guard let rows, let source = plan.onlySource else { return try feedAll(plan) }
    try feed(plan, from: source, until: rows)
  }

  private func feedAll(_ plan: LogicalPlan) throws {
    if case .read(let source, _) = plan {
      let spools = openSpools(source)
      try readToEnds(spools.filter(\.isFile), cancellation: observer.cancellation)
      for spool in spools where !spool.isFile { try spool.read(upTo: nil, cancellation: observer.cancellation) }
    }
    for input in plan.inputs { try feed(input, rows: nil) }
  }

  /// Reads on until the rows are there, twice as much each time.
  private func feed(_ plan: LogicalPlan, from source: FileSource, until rows: Int) throws {
    var plan = plan
    while rows > 0, let spool = openSpools(source).first {
      plan = try refreshed(plan)
      do {
        if try backend.run(plan, .head(rows), observer: observer).rows.rowCount >= rows { return }
      } catch is SchemaMismatch {
        // The action meets it too, and begins anew with a wider column.
        return
      } catch let diagnostic as Diagnostic where diagnostic.category != .cancelled && spool.sizeBytes < Self.patienceBytes {
        // The last record may not be whole yet.
      }
      try spool.read(upTo: max(InputStreams.sampleBytes, spool.sizeBytes) * 2, cancellation: observer.cancellation)
    }
  }

  private func openSpools(_ source: FileSource) -> [StreamSpool] {
    source.files.compactMap { streams.spool(at: $0.path) }.filter { !$0.isEnded }
  }

  /// The plan over streams as far as they have been read.
  func refreshed(_ plan: LogicalPlan) throws -> LogicalPlan {
    if case .read(var source, let columns) = plan {
      try refresh(&source)
      return .read(source, columns: columns)
    }
    return plan.replacingInputs(try plan.inputs.map(refreshed))
  }

  private func refresh(_ source: inout FileSource) throws {
    for index in source.files.indices {
      if let spool = streams.spool(at: source.files[index].path) { source.files[index].identity = try spool.identity() }
    }
  }
}

extension OpenedFiles {
  /// Where a file that was decoded is read, if it is not what it was when that was done.
  fileprivate var changedDecodedFile: String? {
    zip(found, source.files).first { file, _ in
      decoded[file].map { identity in (try? FileStatus(path: file.path)).map(FileIdentity.init) != identity } ?? false
    }?.1.path
  }
}

extension LogicalPlan {
  /// Whether it reads what is opened at a path.
  fileprivate func reads(_ path: String) -> Bool {
    if case .read(let source, _) = self { return source.files.contains { $0.path == path } }
    return inputs.contains { $0.reads(path) }
  }

  /// The files it reads, if it does nothing but go through the rows of one `read` from the first on.
  fileprivate var onlySource: FileSource? {
    switch self {
    case .read(let source, _): source
    case .project(let input, _), .filter(let input, _): input.onlySource
    case .operation(let operation, let inputs) where operation.step.readsForward: inputs[0].onlySource
    default: nil
    }
  }
}
