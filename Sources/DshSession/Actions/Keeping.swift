// Writes a dataset as the file that it is kept in; it is whole under its name, or not there.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshLanguage
import DshPlan
import DshRender
import DshSystem

extension ActionContext {
  /// Keeps the dataset under a name; it is the file from then on.
  func keep(as name: Name) throws {
    do { try write(name.text) } catch let diagnostic as Diagnostic {
      // What the folder or the disk says is about the name; what the rows say has places of its own.
      throw diagnostic.span == nil && diagnostic.category == .environment ? diagnostic.at(name.span) : diagnostic
    }
  }

  private func write(_ name: String) throws {
    if session.options.safeRoots != nil { throw Diagnostic(.unsafe, "safe mode keeps no datasets", span: stage.verb.span) }
    if let file = session.state.keptFile(dataset), file.name == name {
      let line = "\(name) is kept already: \(file.sizeText); refresh \(name) computes it anew"
      return receipt(RunWork(), rows: file.record.rows, lines: [line])
    }
    let fileName: String
    do throws(Diagnostic) { fileName = try DatasetDirectory.fileName(of: name) } catch { throw error.at(stage.span) }
    guard let folder = try session.keptFolder(makes: true) else {
      throw Diagnostic(
        .noDataFolder, "there is no folder to keep datasets in: neither XDG_DATA_HOME nor HOME is set",
        suggestion: "say which: dsh --dataset-directory=FOLDER")
    }
    let earlier = folder.identity(of: fileName) == nil ? nil : replacedText(name)
    let schema = try ArrowFile.schemaAsRead(plan.schema)
    let output = try FileText(NewFile(fileName, in: folder), FileAssembly(ArrowFile.writing(), schema: plan.schema), passed: nil)
    let result = try run(.text(format: "arrow", options: [], compression: nil) { try output.append($0) })
    let (rows, bytes) = (output.rows, output.bytes)
    let record = record(name, rows: rows, dataBytes: bytes, KeptLayout(schema, batchOffsets: output.partOffsets))
    try output.end(ArrowFile.writing([ArrowMetadata(KeptRecord.key, record.bytes)]))
    try settle(name)
    let impossible: [String]
    if case .impossible(let reason) = record.remaking { impossible = ["refresh can't make it anew: \(reason)"] } else { impossible = [] }
    let size = "\(counted(record.layout.batchOffsets.count, "block")), \(counted(rows, "row")), \(bytesText(bytes))"
    var told = self
    told.notes += impossible
    told.receipt(
      result.work, rows: rows,
      lines: ["\(name) kept: \(size)\(earlier.map { "; " + $0 } ?? ""); \(blocksText(result.work)); \(movedText(result.work))"])
  }

  private func record(_ name: String, rows: Int, dataBytes: Int, _ layout: KeptLayout) -> KeptRecord {
    var recipe = RecipeWriting(session, plan, name: name)
    let remaking = recipe.remaking(of: dataset)
    let time = wallClock()
    return KeptRecord(
      program: session.options.version, madeMicroseconds: time.seconds * 1_000_000 + time.nanoseconds / 1000, rows: rows,
      dataBytes: dataBytes, layout: layout, madeBy: session.verbs(of: dataset), remaking: remaking, inputs: recipe.inputs)
  }

  /// Makes the dataset its file; blocks that it had are no longer wanted.
  private func settle(_ name: String) throws {
    let before = session.state.datasets[dataset]
    guard let file = try session.keptFile(name) else {
      throw Diagnostic(.datasetGone, "\(name) was removed as soon as it was kept")
    }
    if let kept = before.kept { backend.release(kept, pinned: before.isPinned) }
    // What had the name before is no longer what the name leads to.
    session.state.replacedKept.formUnion(session.state.kept.indices.filter { session.state.kept[$0].name == name })
    if before.kept == nil, session.state.keptID(dataset) != nil {
      // A kept dataset under another name stays what it is under its own.
      session.state.addCopy(file, of: dataset)
    } else {
      let id = session.state.kept.append(file)
      session.state.datasets[dataset].becomeKept(id: id)
    }
  }

  /// What is said of a dataset that was kept under the name before.
  private func replacedText(_ name: String) -> String {
    guard !session.options.isDeterministic, let file = try? session.keptFile(name) else { return "in the place of an earlier one" }
    return "in the place of one that was \(ageText(ofMicroseconds: file.record.madeMicroseconds)) old"
  }
}

extension SessionState {
  /// Adds a kept dataset that was made of another one, which keeps the name that it had before.
  fileprivate mutating func addCopy(_ file: KeptFile, of dataset: Int) {
    add(file)
    datasets[dataset].name = names.filter { $0.value == dataset }.keys.min()
    if current == dataset { current = datasets.nextIndex - 1 }
  }

  /// The number of the kept dataset that a dataset is, if it is one as it stands in its file.
  func keptID(_ dataset: Int) -> Int? {
    if case .kept(let id) = datasets[dataset].base, datasets[dataset].stages.isEmpty { id } else { nil }
  }

  /// That kept dataset, unless its name is another's by now.
  func keptFile(_ dataset: Int) -> KeptFile? { keptID(dataset).flatMap { replacedKept.contains($0) ? nil : kept[$0] } }
}

/// How long ago something was made.
func ageText(ofMicroseconds made: Int64) -> String {
  // What a file says may be anything.
  let (age, isAbsurd) = wallClock().seconds.subtractingReportingOverflow(made / 1_000_000)
  return ageText(seconds: isAbsurd ? 0 : Int(clamping: age))
}
