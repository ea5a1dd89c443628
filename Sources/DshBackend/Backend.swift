// The border between a session and whatever runs plans: a local cluster, or another engine that is given the same plans.

import DshColumns
import DshDiagnostics
import DshPlan

/// Runs logical plans, and knows the blocks that came of them.
public protocol Backend: AnyObject, BlockCatalog, BlockSharing, ClusterControl {
  /// Runs a plan and delivers what is wanted of it.
  ///
  /// - Throws: `Diagnostic`s, `SchemaMismatch`, `FileChanged`, and `ByteLimitExceeded` for `all`.
  func run(_ plan: LogicalPlan, _ delivery: Delivery, observer: RunObserver) throws -> RunReport
  /// The plan and its stages as text, with estimates; runs nothing.
  func explain(_ plan: LogicalPlan) -> [String]

  var settings: BackendSettings { get set }
  /// The most bytes of a file that should make one block: smaller where stores are small.
  var largestBlockBytes: Int { get }
  /// Ends everything that was started; `waits` says whether to wait until its memory is given back.
  func close(waits: Bool)
}

/// What is wanted of a plan.
public enum Delivery {
  /// The first rows, brought to the shell.
  case head(Int)
  /// The first and the last rows, brought to the shell, and the number of all.
  case ends(first: Int, last: Int)
  /// All rows, brought to the shell, unless they take more bytes than the limit allows.
  case all(limitBytes: Int?)
  /// One row of aggregates over all rows.
  case aggregates([AggregateCall])
  /// All blocks, which stay where they are made, as cache.
  case blocks
  /// All blocks, kept until `release` is called as often: pinned at a level, or as cache.
  case kept(StorageLevel?)
  /// All rows as text in a format, written as the format's own options say, handed over part by part in order; each part compressed by itself if a
  /// kind of compression is named.
  case text(format: String, options: [UInt8] = [], compression: String? = nil, part: (TextPart) throws -> Void)
}

/// What a session wants to hear of while a plan runs.
public struct RunObserver {
  /// Gets readable when the run shall be cancelled.
  public var cancellation: Int32?
  /// Called about ten times a second.
  public var progress: ((RunProgress) -> Void)?
  /// Told at once what happens meanwhile; without it, that comes with the next `takeNotices`.
  public var news: ((String) -> Void)?

  public init(cancellation: Int32? = nil, progress: ((RunProgress) -> Void)? = nil, news: ((String) -> Void)? = nil) {
    self.cancellation = cancellation
    self.progress = progress
    self.news = news
  }
}

/// A part of a dataset in a format; its bytes are valid while it is handed over.
public struct TextPart {
  public var bytes: UnsafeRawBufferPointer
  public var rows: Int
  /// What the footer of a file has to know of it.
  public var metadata: [UInt8]
  /// Which part it is, and how many there are.
  public var index: Int
  public var count: Int

  public init(bytes: UnsafeRawBufferPointer, rows: Int, metadata: [UInt8], index: Int, count: Int) {
    self.bytes = bytes
    self.rows = rows
    self.metadata = metadata
    self.index = index
    self.count = count
  }
}

/// Settings that change speed and placement, never rows.
public struct BackendSettings: Sendable, Equatable {
  public var batchRows = 8192
  /// Names of rules that are switched off.
  public var disabledRules: Set<String> = []

  public init() {}
}
