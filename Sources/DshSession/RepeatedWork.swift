// Works with the plan of a dataset: anew where a file turns out to be other than it was taken for.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan
import DshRender
import DshSystem

extension Session {
  /// Works with the plan of a dataset. If a column holds something else than sampling had shown, the column is widened, the dataset bound anew
  /// and the work repeated: what comes of it is never a wrong value.
  ///
  /// - Parameters:
  ///   - runsData: whether values may be found that the plan depends on.
  ///   - rowsNeeded: the rows of the dataset that are enough; nil for all. Streams are read no further.
  ///   - tell: gets what is to be known of kept datasets before the work is done.
  ///   - body: gets the plan, and what is to be told besides.
  func withPlan(
    of dataset: Int, runsData: Bool = true, rowsNeeded: () throws -> Int? = { nil }, tell: (Output) -> Void = { _ in },
    _ body: (_ plan: LogicalPlan, _ notes: [String]) throws -> Void
  ) throws {
    var notes: [String] = []
    var changes = 0
    var values: WantedValues?
    for _ in 0..<Self.wideningLimit {
      do {
        if let wanted = values {
          values = nil
          notes.append(try find(wanted))
        }
        try feed(dataset, rows: rowsNeeded)
        let kept = state.keptDatasets(under: dataset)
        try updateKept(used: kept)
        tellStale(kept, emit: tell)
        let (plan, renamed) = try state.boundPlan(of: dataset)
        let read = state.files.indices.filter { plan.reads(state.files[$0].source) }
        try body(plan, notes + read.flatMap { state.files[$0].notes } + Self.notes(on: renamed))
        for index in read { state.files[index].notes = [] }
        return
      } catch let mismatch as SchemaMismatch {
        notes += try widen(mismatch)
      } catch let changed as FileChanged {
        changes += 1
        if changes == Self.changeLimit { throw Self.unstableFile(name(ofFile: changed.path)) }
        notes.append(try reopen(changed))
      } catch let wanted as WantedValues {
        guard runsData else { throw wanted.diagnostic }
        values = wanted
      }
    }
    throw Diagnostic(.unstableTypes, "columns are widened without an end")
  }

  /// What is said of a file that was never the same long enough to be read.
  static func unstableFile(_ name: String) -> Diagnostic {
    Diagnostic(
      .unstableFile, "\(name) keeps changing while it is read", suggestion: "wait for its writer, or read a copy",
      notes: ["tried \(changeLimit) times"])
  }

  /// Widens the columns that hold what does not fit, in each `read` that reads the file in the same way; what to tell about each.
  private func widen(_ mismatch: SchemaMismatch) throws -> [String] {
    var notes: [String] = []
    let matching = state.files.indices.filter { mismatch.reading.matches(state.files[$0].source) }
    if let layout = mismatch.layout {
      for index in matching {
        let before = state.files[index].source.redescribe(mismatch.columns, layout: layout, of: mismatch.reading)
        for note in zip(mismatch.columns, before).map({ self.note(on: $0, before: $1, mismatch) }) where !notes.contains(note) {
          notes.append(note)
        }
      }
    } else {
      notes = widenTypes(mismatch, matching)
    }
    guard !notes.isEmpty else {
      let names = mismatch.columns.map { "\($0.name) \($0.type.name) \"\($0.text)\"" }.joined(separator: ", ")
      throw Diagnostic(.unstableTypes, "a column does not fit the type it was widened to: \(names)")
    }
    return notes
  }

  /// What to tell about a column that is read in another way.
  private func note(on column: SchemaMismatch.Column, before: DataType?, _ mismatch: SchemaMismatch) -> String {
    let place = "\"\(column.text)\" at byte \(groupedText(column.byteOffset)) of \(name(ofFile: mismatch.reading.path))"
    let reason = column.reason.map { ", as it holds \($0)" } ?? ""
    guard let before else { return "column \(column.name) found: \(column.type.name)\(reason) (\(place)); read again" }
    let change = before == column.type ? "read otherwise" : "widened from \(before.name) to \(column.type.name)"
    return "column \(column.name) \(change)\(reason) (\(place)); read again"
  }

  /// Widens columns whose types alone change; what to tell about each.
  private func widenTypes(_ mismatch: SchemaMismatch, _ matching: [Int]) -> [String] {
    var notes: [String] = []
    for column in mismatch.columns {
      let place = "\"\(column.text)\" at byte \(groupedText(column.byteOffset)) of \(name(ofFile: mismatch.reading.path))"
      for index in matching {
        let before = state.files[index].source.schema.index(of: column.name).map { state.files[index].source.schema[$0].type }
        if state.files[index].source.widen(column.name, to: column.type) {
          let after = state.files[index].source.schema.index(of: column.name).map { state.files[index].source.schema[$0].type.name } ?? ""
          let note = "column \(column.name) widened from \(before?.name ?? "") to \(after) (\(place)); read again"
          if !notes.contains(note) { notes.append(note) }
        }
      }
    }
    return notes
  }

  /// What to tell about columns whose names were taken.
  private static func notes(on renamed: [RenamedColumn]) -> [String] {
    guard !renamed.isEmpty else { return [] }
    let shown = renamed.prefix(shownRenamedColumns).map { "\($0.before) is \($0.after)" }.joined(separator: ", ")
    return ["names that were taken: \(shown)\(renamed.count > shownRenamedColumns ? ", … (\(renamed.count) in all)" : "")"]
  }

  private static let shownRenamedColumns = 8

  /// Finds the values that a plan depends on; what to tell about them.
  private func find(_ wanted: WantedValues) throws -> String {
    try feed(wanted.plan)
    let found = try backend.run(wanted.plan, .head(wanted.limit), observer: observer)
    if state.foundValues.count == Self.foundValuesLimit { state.foundValues = [:] }
    let values = (0..<found.rows.rowCount).map { found.rows.columns[0].value(at: $0) }
    state.foundValues[wanted.plan] = values
    return "\(wanted.note(on: values)); \(movedText(found.work)); \(blocksText(found.work))"
  }

  /// Looks anew at a file that is not what it was taken for, and at all files that are read with it.
  private func reopen(_ changed: FileChanged) throws -> String {
    let name = name(ofFile: changed.path)
    var fileCount = 0
    for index in state.files.indices where state.files[index].source.files.contains(where: { $0.path.isExactly(changed.path) }) {
      var request = state.files[index].request
      if changed.isUnlikeOthers { request.looksAtAll = true }
      state.files[index] = try request.open(try request.find(access, streams), streams)
      fileCount = state.files[index].source.files.count
    }
    return changed.isUnlikeOthers
      ? "\(name) is not like the files looked at before it: all \(groupedText(fileCount)) looked at"
      : "\(name) has changed since it was named; sampled again"
  }

  /// What a file of some dataset is called in prose.
  private func name(ofFile path: String) -> String {
    baseName(state.files.elements.lazy.flatMap(\.source.files).first { $0.path.isExactly(path) }?.name ?? path)
  }
}

extension LogicalPlan {
  /// Whether it reads some files.
  fileprivate func reads(_ source: FileSource) -> Bool {
    if case .read(let own, _) = self { return own == source }
    return inputs.contains { $0.reads(source) }
  }
}

extension SchemaMismatch.Reading {
  /// Whether a `read` reads the file in this way.
  fileprivate func matches(_ source: FileSource) -> Bool {
    source.files.contains { file in
      guard file.path.isExactly(path) else { return false }
      let shape = source.shape(of: file)
      return shape.layout == layout && shape.schema == schema
    }
  }
}
