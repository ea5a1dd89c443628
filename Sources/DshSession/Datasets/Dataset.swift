// A dataset as the session remembers it: the steps that make it, as syntax, bound anew at each use.

import DshColumns
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

/// One numbered dataset. Immutable but for whether its blocks are kept, or it is its file from then on.
struct Dataset: Sendable {
  let number: Int
  var name: String?
  /// What it starts from.
  private(set) var base: Base
  /// The transforms after that.
  private(set) var stages: [Stage]
  /// The text the steps were typed in, for errors that appear when types turn out differently later.
  let source: SourceText
  /// The `let` and `def` names as they were when the dataset was made.
  let environment: Environment
  /// The plan whose blocks are pinned or kept as cache; the dataset is these blocks from then on.
  var kept: LogicalPlan?
  var isPinned = false

  enum Base: Sendable {
    /// Files of the catalog.
    case files(id: Int)
    /// `range`, `rows`, with the stage that says so.
    case plan(LogicalPlan, StageSyntax)
    /// A kept dataset of the state.
    case kept(id: Int)
    case dataset(Int)
  }

  struct Stage: Sendable {
    var syntax: StageSyntax
    /// The datasets it names besides the one it works on (`union`).
    var others: [Int]
    /// What a sample has shown of the columns that its program answers.
    var answer: Schema?
  }

  /// Takes over how another copy of it is kept.
  mutating func keep(as other: Dataset) {
    base = other.base
    stages = other.stages
    kept = other.kept
    isPinned = other.isPinned
  }

  /// Makes it what its file holds, from now on.
  mutating func becomeKept(id: Int) {
    base = .kept(id: id)
    stages = []
    kept = nil
    isPinned = false
  }

  /// Whether it is the file of a kept dataset that an earlier state did not know.
  func isFileMade(since before: SessionState) -> Bool {
    if case .kept(let id) = base { id >= before.kept.nextIndex } else { false }
  }

  /// How receipts call it.
  var title: String { name ?? "_\(number)" }
}

/// The scalars and definitions that expressions can see.
struct Environment: Sendable {
  var scalars: [String: Scalar] = [:]
  var definitions: [String: Definition] = [:]
  /// The time of the statement, in microseconds since 1970.
  var now = Binder.fixedTime

  /// Where the programs of the statement run.
  var folder = currentDirectory()

  /// The path that a scalar holds.
  ///
  /// - Throws: if it holds no text, or none yet.
  func path(in scalar: String, span: SourceSpan) throws(Diagnostic) -> String {
    switch scalars[scalar] {
    case .value(.string(let text)): return text
    case .pending: throw Diagnostic.pendingScalar(scalar, span: span)
    default: throw Diagnostic(.unknownParameter, "$\(scalar) is not a text to be used as a path", span: span)
    }
  }

  /// What binds a text that sees them; errors of the run point into the text.
  func binder(_ source: SourceText?) -> Binder {
    var binder = Binder(functions: FunctionRegistry(), parameters: scalars, definitions: definitions, source: source)
    binder.now = now
    binder.folder = folder
    return binder
  }
}

/// Everything a statement can change by being bound; a copy of it lets a whole script be checked before it runs.
struct SessionState: Sendable {
  var datasets = Numbered<Dataset>()
  /// Datasets by the names given to them.
  var names: [String: Int] = [:]
  /// The index of the current dataset.
  var current: Int?
  /// Earlier current datasets, for `undo`.
  var earlier: [Int?] = []
  var environment = Environment()
  var files = Numbered<OpenedFiles>()
  /// The kept datasets that were named, as they were found last.
  var kept = Numbered<KeptFile>()
  /// Those of them whose names this session has given to other datasets: their files stay open, and are what they were.
  var replacedKept: Set<Int> = []
  /// The names under which something was kept when the text began that is run now.
  var keptNames: [String] = []
  /// Values that were found for the columns of `pivot`, by the plans that give them.
  var foundValues: [LogicalPlan: [Value]] = [:]

  /// The dataset with a name, `_` or `_3`.
  func index(of name: String) -> Int? {
    if name == "_" { return current }
    if let index = Self.index(ofNumber: name), datasets.contains(index) { return index }
    return names[name]
  }

  mutating func makeCurrent(_ index: Int) {
    earlier.append(current)
    current = index
  }

  /// All names that stand for datasets, for suggestions.
  var knownNames: [String] { names.keys.sorted() + keptNames.filter { names[$0] == nil } + datasets.indices.map { "_\($0 + 1)" } }
}
