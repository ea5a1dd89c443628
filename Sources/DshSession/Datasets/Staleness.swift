// What of the inputs of kept datasets has changed since, and the one notice about it.

import DshDiagnostics
import DshLanguage
import DshRender
import DshSystem

extension Session {
  /// So many inputs are looked at when a kept dataset is used; more take a while, and are looked at by `datasets` and `refresh`.
  static let inputsLookedAt = 1000

  /// How the inputs of a kept dataset differ from what they were: a look at each, and at each folder or pattern of many.
  func changes(of file: KeptFile) -> InputChanges {
    var changes = InputChanges()
    for input in file.record.inputs {
      var there = input.files.map(\.path)
      var found: [String: FileIdentity] = [:]
      if let step = input.step, case .recipe(let recipe) = file.record.remaking, recipe.steps.indices.contains(step),
        let now = listed(by: recipe.steps[step])
      {
        there = now.map(\.path)
        for file in now { found[file.path] = file.identity }
      }
      changes.compare(input.files, with: there) { path in found[path] ?? (try? FileStatus(path: path)).map { FileIdentity($0) } }
    }
    return changes
  }

  /// The files that a step of a recipe finds now; nil if that can't be told.
  private func listed(by step: Recipe.Step) -> [FoundFile]? {
    guard case .source = step.base, let stage = try? step.stages().first, case .paths(let paths) = stage.operands,
      var request = try? ReadRequest(stage, paths: paths, environment: step.environment(now: state.environment.now))
    else { return nil }
    request.workingDirectory = step.folder
    do throws(Diagnostic) { return try request.find(access, streams) } catch { return error.code == .fileNotFound ? [] : nil }
  }

  /// Tells once of each kept dataset in use that its inputs are not what they were.
  func tellStale(_ used: Set<Int>, emit: (Output) -> Void) {
    for index in used.subtracting(state.replacedKept).sorted() {
      let file = state.kept[index]
      let told = ToldFile(name: file.name, identity: file.file.identity)
      guard !toldStale.contains(told), file.record.inputs.reduce(0, { $0 + $1.files.count }) <= Self.inputsLookedAt,
        let sentence = changes(of: file).sentence
      else { continue }
      toldStale.insert(told)
      let advice: String
      if case .recipe = file.record.remaking { advice = "; refresh \(file.name)" } else { advice = "" }
      emit(.notice("\(file.name) is older than its inputs: \(sentence)\(advice)"))
    }
  }

  /// A state of a kept dataset that was spoken of.
  struct ToldFile: Hashable {
    var name: String
    var identity: FileIdentity
  }
}
