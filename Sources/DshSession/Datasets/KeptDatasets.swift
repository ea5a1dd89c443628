// The kept datasets as a session sees them: which there are, and how they become datasets of its own when they are named.

import DshDiagnostics
import DshLanguage
import DshSystem

extension Session {
  /// The folder of kept datasets; nil in safe mode, and where there is none and none is to be made.
  ///
  /// - Throws: what is wrong with the folder.
  func keptFolder(makes: Bool = false) throws(Diagnostic) -> PrivateFolder? {
    guard options.safeRoots == nil, let directory = options.datasetDirectory, let folder = try directory.open(makes: makes) else {
      return nil
    }
    if !hasCleanedFolder, !isTyping {
      hasCleanedFolder = true
      folder.removeAbandoned()
    }
    return folder
  }

  /// The names of kept datasets, in bytewise order; none where they can't be looked at.
  var keptNames: [String] {
    guard let folder = try? keptFolder() else { return [] }
    return ((try? folder.names { DatasetDirectory.name(ofFile: $0) != nil }) ?? []).compactMap(DatasetDirectory.name(ofFile:))
  }

  /// The kept dataset of a name, as it is now; nil if there is none. It is not remembered, so that a look at very many keeps no file open.
  ///
  /// - Throws: what is wrong with it, or with the folder.
  func look(atKept name: String) throws -> KeptFile? {
    guard let folder = try keptFolder(), let fileName = DatasetDirectory.possibleFileName(of: name) else { return nil }
    if let known = openedKept[name], folder.identity(of: fileName)?.hasContent(of: known.file.identity) == true { return known }
    return try folder.open(fileName).map { try KeptFile(name, $0) }
  }

  /// The same for one that is used, and most likely used again.
  func keptFile(_ name: String) throws -> KeptFile? {
    let file = try look(atKept: name)
    openedKept[name] = file
    return file
  }

  /// Makes kept datasets that a pipeline names the session's own; a name of the session wins.
  func adopt(_ names: Set<String>, into state: inout SessionState) throws {
    for name in names.sorted() where state.index(of: name) == nil {
      guard let file = try keptFile(name) else { continue }
      state.add(file)
    }
  }

  /// Looks whether kept datasets are still what they were, before one of them is read.
  ///
  /// - Throws: `dataset-gone` for one of `used` that is not there any more, and what is wrong with one.
  func updateKept(used: Set<Int>) throws {
    for index in used.subtracting(state.replacedKept) {
      let name = state.kept[index].name
      guard let file = try keptFile(name) else {
        throw Diagnostic(
          .datasetGone, "the kept dataset \(name) is not there any more", suggestion: "make it again, and keep it: … | persist \(name)",
          notes: ["somebody has removed it since this shell found it"])
      }
      state.kept[index] = file
    }
  }
}

extension SessionState {
  /// Adds a kept dataset under its name, without making it current.
  mutating func add(_ file: KeptFile) {
    let index = add(base: .kept(id: kept.append(file)), stages: [], source: SourceText(name: "", text: file.name))
    name(index, file.name)
  }

  /// The kept datasets that a dataset is built on.
  func keptDatasets(under index: Int) -> Set<Int> {
    var found: Set<Int> = []
    var seen: Set<Int> = []
    var open = [index]
    while let next = open.popLast() {
      // What has blocks of its own is these blocks, whatever became of what they were made from.
      guard seen.insert(next).inserted, datasets[next].kept == nil else { continue }
      switch datasets[next].base {
      case .kept(let id): found.insert(id)
      case .dataset(let base): open.append(base)
      case .files, .plan: break
      }
      open += datasets[next].stages.flatMap(\.others)
    }
    return found
  }
}
