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

  /// The memory of a dataset that is persisted or materialized.
  ///
  /// - Throws: `not-persisted` if it is neither.
  public func sharedBlocks(ofDataset name: String) throws -> SharedBlocks {
    guard let kept = state.datasets[try index(ofDataset: name)].kept else {
      throw Diagnostic(.notPersisted, "\(name) is not persisted: its blocks are nowhere", suggestion: "\(name) | persist")
    }
    return try backend.share(kept, observer: observer)
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
