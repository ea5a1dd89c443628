// Writes down how a dataset of the session is made.

import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshSystem

/// Gathers the steps of one dataset.
struct RecipeWriting {
  private let session: Session
  private let state: SessionState
  /// The name it is to be kept under.
  private let name: String
  private var steps: [Recipe.Step] = []
  /// The steps of datasets, by their indexes.
  private var known: [Int: Int] = [:]
  private(set) var inputs: [KeptInput] = []
  /// Why it can't be made anew; the first reason that was met.
  private var problem: String?
  private var definitionCount = 0

  /// Beyond this a recipe is not kept: definitions see all that were made before them.
  private static let definitionLimit = 2000
  /// Beyond this inputs are not remembered one by one.
  private static let inputLimit = 100_000

  /// The files that the rows came from, as they were then: a file may have been looked at again since its rows were pinned.
  private let read: [ExactText: FileIdentity]

  /// - Parameter plan: what made the rows.
  init(_ session: Session, _ plan: LogicalPlan, name: String) {
    self.session = session
    self.name = name
    state = session.state
    read = Dictionary(plan.files.map { (ExactText($0.path), $0.identity) }, uniquingKeysWith: { first, _ in first })
  }

  /// How a dataset is made anew, or why it can't be.
  mutating func remaking(of dataset: Int) -> KeptRecord.Remaking {
    add(dataset)
    if let problem { return .impossible(problem) }
    return .recipe(Recipe(steps: steps))
  }

  /// The step of a dataset, behind those that it works on. Datasets are in the order in which they can be made, so that no stack is needed for a long chain.
  private mutating func add(_ dataset: Int) {
    for index in state.reachable(from: [dataset]).sorted() {
      let step = step(of: state.datasets[index])
      known[index] = steps.count
      steps.append(step)
    }
  }

  private mutating func step(of dataset: Dataset) -> Recipe.Step {
    var texts = dataset.stages.map(\.syntax.printed)
    let base: Recipe.Base
    switch dataset.base {
    case .files(let id):
      base = .source
      note(state.files[id])
      texts.insert(state.files[id].request.stage.printed, at: 0)
    case .plan(_, let stage):
      base = .source
      texts.insert(stage.printed, at: 0)
    case .dataset(let index): base = .step(known[index] ?? 0)
    case .kept(let id):
      base = .kept(state.kept[id].name)
      note(state.kept[id], isReplaced: state.replacedKept.contains(id))
    }
    let text = texts.joined(separator: " | ")
    let words = nameWords(of: text)
    return Recipe.Step(
      base: base, text: text, others: dataset.stages.map { $0.others.map { known[$0] ?? 0 } }, folder: dataset.environment.folder,
      scalars: Self.values(dataset.environment.scalars, words), definitions: definitions(dataset.environment.definitions, words))
  }

  /// Notes the files of a `read` as they were.
  private mutating func note(_ files: OpenedFiles) {
    let request = files.request
    for found in files.found {
      if let name = found.name, (try? InputKind(of: absolutePath(name, from: request.workingDirectory))) != .generated {
        problem = problem ?? "it was made from \(name), which is read once only"
      }
    }
    if request.paths.contains(where: { $0.text == "-" }) { problem = problem ?? "it was made from standard input" }
    let isListed = request.paths.contains { path in
      let absolute = absolutePath(path.text, from: request.workingDirectory)
      return session.access.status(absolute)?.kind == .folder || (isPattern(path.text) && !session.access.exists(absolute))
    }
    let known = zip(files.found, files.source.files).filter { $0.0.name == nil }.map { found, read in
      KeptInput.File(path: found.path, identity: files.decoded[found] ?? self.read[ExactText(read.path)] ?? read.identity)
    }
    if known.count <= Self.inputLimit { inputs.append(KeptInput(files: known, step: isListed ? steps.count : nil)) }
  }

  /// Notes the file of another kept dataset, which has to be there under its name when this one is made anew.
  private mutating func note(_ file: KeptFile, isReplaced: Bool) {
    if isReplaced || file.name == name {
      problem = problem ?? "it was made from \(file.name) as it was before, which is gone"
      return
    }
    inputs.append(KeptInput(files: [KeptInput.File(path: file.file.path, identity: file.file.identity)]))
  }

  // MARK: What names mean

  private static func values(_ scalars: [String: Scalar], _ words: Set<String>) -> [String: Value] {
    scalars.filter { words.contains($0.key) }.compactMapValues(\.value)
  }

  private mutating func definitions(_ all: [String: Definition], _ words: Set<String>) -> [Recipe.Definition] {
    var result: [Recipe.Definition] = []
    for definition in all.values.sorted(by: { $0.name < $1.name }) where words.contains(definition.name) {
      definitionCount += 1
      guard definitionCount <= Self.definitionLimit else {
        problem = problem ?? "its definitions name one another too often"
        return []
      }
      let text = "def \(definition.usage) = \(definition.body.printed)"
      let words = nameWords(of: definition.body.printed)
      result.append(
        Recipe.Definition(
          text: text, scalars: Self.values(definition.scalars, words), definitions: definitions(definition.visible, words)))
    }
    return result
  }
}

extension LogicalPlan {
  /// The files that it reads, or that its blocks were read from.
  fileprivate var files: [SourceFile] {
    switch self {
    case .read(let source, _): source.files
    case .stored(let plan): plan.files
    default: inputs.flatMap(\.files)
    }
  }
}
