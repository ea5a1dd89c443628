// Datasets by name, for programs that hold a session.

import DshBackend
import DshColumns
import DshDiagnostics
import DshLanguage
import DshPlan
import DshRender
import DshSystem

extension Session {
  /// The names that datasets have now, and how each was made, in the order of the names.
  public var namedDatasets: [(name: String, madeBy: String)] {
    state.names.sorted { $0.key < $1.key }.map { ($0.key, verbs(of: $0.value)) }
  }

  /// The columns of a dataset.
  ///
  /// - Throws: `unknown-dataset`; what binding it throws.
  public func schema(ofDataset name: String) throws -> Schema { try state.bindPlan(of: index(ofDataset: name)).schema }

  /// The blocks of a dataset where they lie; those that are not there are made.
  ///
  /// - Throws: `unknown-dataset`; what running it throws.
  public func sharedBlocks(ofDataset name: String) throws -> SharedBlocks {
    try value(ofDataset: name) { try backend.share($0, limitBytes: nil, observer: observer) }
  }

  /// The first rows of a dataset, or all; `last` tells of the run before.
  ///
  /// - Throws: `unknown-dataset`; what running it throws.
  public func rows(ofDataset name: String, first: Int?) throws -> RunReport {
    try value(ofDataset: name, rowsNeeded: first) {
      try backend.run($0, first.map { .head($0) } ?? .all(limitBytes: nil), observer: observer)
    }
  }

  /// How many rows a dataset has; it is run where that is not known.
  ///
  /// - Throws: `unknown-dataset`; what running it throws.
  public func rowCount(ofDataset name: String) throws -> Int {
    let count = try value(ofDataset: name) { try backend.run($0, .aggregates([CountAction.call]), observer: observer).rows.row(0).first }
    guard case .int64(let number) = count else { preconditionFailure("a count is a whole number") }
    return Int(number)
  }

  /// What comes of a dataset's plan.
  private func value<Value>(ofDataset name: String, rowsNeeded: Int? = nil, _ body: (LogicalPlan) throws -> Value) throws -> Value {
    var value: Value?
    try withPlan(of: try index(ofDataset: name), rowsNeeded: { rowsNeeded }) { plan, _ in value = try body(plan) }
    guard let value else { preconditionFailure("work that ends without an error was done") }
    return value
  }

  /// Gives a file without a name to the session, which holds it from then on; the path that statements read it by.
  ///
  /// - Parameter name: what errors call it.
  public func adopt(_ file: consuming Descriptor, as name: String) throws(Diagnostic) -> String { try streams.adopt(file, as: name) }

  private func index(ofDataset name: String) throws(Diagnostic) -> Int {
    if let index = state.index(of: name) { return index }
    throw Diagnostic(
      .unknownDataset, "no dataset \"\(name)\"", suggestion: nearestName(to: name, in: state.knownNames).map(didYouMean))
  }
}
