// A cluster as a backend: plans statements, runs their stages, and tells what that did.

import DshBackend
import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan
import DshPlanner
import DshStore
import DshSystem

/// A backend over a cluster: node processes on this machine, or those of Ray.
public final class ClusterBackend: Backend {
  let runner: GraphRunner
  let cluster: any ControlledCluster
  var holds = SharedHolds()
  private let isDeterministic: Bool
  private let end: (_ waits: Bool) -> Void
  private var news: ((String) -> Void)?
  /// Whether blocks were lost that the runner still counts on; it is told between runs.
  private var losesBlocks = false

  public var largestBlockBytes: Int { runner.blockBytes }

  public var settings = BackendSettings() {
    didSet { runner.settings = settings }
  }

  /// Starts node processes on this machine; they come up while the caller goes on.
  public convenience init(_ options: ClusterOptions) throws(Diagnostic) {
    let cluster = try Cluster(options)
    try cluster.start()
    self.init(cluster, isDeterministic: options.isDeterministic, end: cluster.close)
  }

  /// Starts or joins a Ray, while the caller goes on.
  ///
  /// - Throws: `no-ray` if what is needed for that is not on this machine.
  public convenience init(_ options: RayOptions) throws(Diagnostic) {
    let cluster = try RayCluster(options)
    self.init(cluster, isDeterministic: options.isDeterministic, end: cluster.close)
  }

  /// - Parameters:
  ///   - isDeterministic: whether what is told of runs leaves out what depends on time.
  ///   - end: what the end of the backend means for the cluster.
  init(_ cluster: any ControlledCluster, isDeterministic: Bool, end: @escaping (_ waits: Bool) -> Void) {
    self.cluster = cluster
    self.isDeterministic = isDeterministic
    self.end = end
    runner = GraphRunner(cluster: cluster)
  }

  public func close(waits: Bool) { end(waits) }

  // MARK: Running

  public func run(_ plan: LogicalPlan, _ delivery: Delivery, observer: RunObserver) throws -> RunReport {
    try awaitStart(observer)
    switch delivery {
    case .head(let count):
      return try run(runner.graph(of: plan, for: .head(count)), observer) { try runner.head($0, count: count) }
    case .ends(let first, let last):
      return try run(runner.graph(of: plan, for: .ends(first: first, last: last)), observer) {
        try runner.ends($0, first: first, last: last)
      }
    case .all(let limit): return try run(runner.graph(of: plan, for: .blocks()), observer) { try runner.all($0, limitBytes: limit) }
    case .blocks: return try run(runner.graph(of: plan, for: .blocks()), observer) { try runner.blocks($0) }
    case .aggregates(let calls):
      // Optimized as a whole, so that only the columns of the arguments are read.
      guard case .aggregate(let input, let aggregation) = runner.optimize(.aggregate(plan, Aggregation(keys: [], aggregates: calls))) else {
        preconditionFailure("rules keep an aggregation on top")
      }
      return try run(runner.graph(ofOptimized: input, for: .partials(aggregation)), observer) { try runner.aggregates($0, aggregation) }
    case .kept(let level):
      return try run(runner.graph(of: plan, for: .kept(title: level == nil ? "materialize" : "persist")), observer) { graph in
        try runner.keep(plan, graph, level)
        return RunReport(rows: .empty(graph.result.schema))
      }
    case .text(let format, let options, let compression, let part):
      let result = StageResult.text(format: format, options: options, compression: try compression.map(Compression.named))
      return try run(runner.graph(of: plan, for: result), observer) { try runner.text($0, part: part) }
    }
  }

  /// How large stores are decides on the stages.
  func awaitStart(_ observer: RunObserver) throws(Diagnostic) {
    observe(observer)
    defer { observe(RunObserver()) }
    try cluster.awaitStart()
  }

  private func run(_ graph: StageGraph, _ observer: RunObserver, _ body: (StageGraph) throws -> RunReport) throws -> RunReport {
    let (report, work) = try measured(graph, observer, body)
    var told = report
    told.work = work
    return told
  }

  /// Runs the stages of a statement and tells what they did.
  func measured<Result>(_ graph: StageGraph, _ observer: RunObserver, _ body: (StageGraph) throws -> Result) throws -> (Result, RunWork) {
    var (result, work) = try measured(observer) {
      try body(graph)
    } stages: {
      runner.work(of: graph)
    }
    work.notes = runner.irregular.notes + runner.rowGroups.notes
    work.mappedFileBytes = runner.inPlaceBytes
    // Of the tasks of the last stage some may not have been needed.
    if let last = work.stages.last { work.blocksTotal += max(0, last.tasksTotal - last.tasks - last.reused) }
    return (result, work)
  }

  /// Runs a statement and tells what it did.
  private func measured<T>(_ observer: RunObserver, _ body: () throws -> T, stages: () -> [StageWork]) throws -> (T, RunWork) {
    observe(observer)
    defer { observe(RunObserver()) }
    let start = monotonicNanoseconds()
    let diskReadBefore = cluster.diskReadBytes
    let result: T
    do { result = try runner.statement(body) } catch let diagnostic as Diagnostic {
      throw diagnostic.category == .cancelled ? cancelled(stages()) : failed(diagnostic)
    }
    var work = RunWork()
    work.seconds = Double(monotonicNanoseconds() - start) / 1e9
    work.moved = runner.moved.filter { $0.movedBytes > 0 }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
      .map { Movement(from: nodeName($0.from), to: nodeName($0.to), bytes: $0.movedBytes) }
    work.mappedBytes = runner.moved.reduce(0) { $0 + $1.mappedBytes }
    work.diskReadBytes = max(0, cluster.diskReadBytes - diskReadBefore)
    work.stages = stages()
    work.blocksRun = work.stages.reduce(0) { $0 + $1.tasks }
    work.blocksReused = work.stages.reduce(0) { $0 + $1.reused }
    work.splitsReread = work.stages.reduce(0) { $0 + $1.reread }
    work.tasksCopied = work.stages.reduce(0) { $0 + $1.copied }
    work.blocksSkipped = work.stages.reduce(0) { $0 + $1.skipped }
    work.blocksTotal = work.blocksRun + work.blocksReused + work.blocksSkipped
    return (result, work)
  }

  private func observe(_ observer: RunObserver) {
    cluster.cancellation = observer.cancellation
    news = observer.news
    runner.progress = observer.progress
    cluster.onEvents = observer.news == nil ? nil : { [unowned self] in tellNews() }
  }

  /// What was done of a cancelled statement: finished blocks stay as cache, what was under way is released.
  private func cancelled(_ stages: [StageWork]) -> Diagnostic {
    let done = stages.reduce(0) { $0 + $1.tasks + $1.reused }
    let total = stages.reduce(0) { $0 + $1.tasksTotal }
    let bytes = stages.reduce(0) { $0 + $1.bytesOut }
    guard total > 0 else { return Diagnostic(.cancelled, "cancelled before anything ran") }
    let kept = bytes > 0 ? " (\(bytesText(bytes)), kept as cache)" : ""
    return Diagnostic(
      .cancelled, "cancelled: \(groupedText(done)) of \(counted(total, "block")) done\(kept), the rest released")
  }

  /// An error with what moved before it, as there is no receipt. How far other tasks were depends on who was faster, so deterministic runs leave
  /// that out.
  private func failed(_ diagnostic: Diagnostic) -> Diagnostic {
    let bytes = runner.moved.reduce(0) { $0 + $1.movedBytes }
    guard bytes > 0, !isDeterministic else { return diagnostic }
    var told = diagnostic
    told.notes.append("\(bytesText(bytes)) moved before that")
    return told
  }

  public func explain(_ plan: LogicalPlan) -> [String] {
    // Without a cluster the stages are those of one that is as it is thought to be.
    try? cluster.awaitStart()
    let optimized = runner.optimize(plan)
    let text = PlanText { [runner] plan in runner.persisted[plan].map { ($0.blocks.count, $0.rows, $0.bytes, $0.isPinned) } }
    let stages = runner.graph(ofOptimized: optimized, for: .blocks()).lines
    return ["plan"] + text.tree(optimized, depth: 1) + ["stages"] + stages.enumerated().map { "  \($0 + 1). \($1)" }
  }

  // MARK: Blocks

  public func release(_ plan: LogicalPlan, pinned: Bool) { runner.release(plan, pinned: pinned) }

  public func kept(_ plan: LogicalPlan) -> KeptBlocks? {
    runner.persisted[plan].map { dataset in
      KeptBlocks(
        blocks: dataset.blocks.map { entry in
          KeptBlocks.Block(
            node: places(of: entry.block), rows: entry.block.rows, bytes: entry.block.byteCount, origin: entry.origin,
            isLost: !cluster.contains(entry.block), isOnDisk: cluster.isSpilled(entry.block))
        }, isPinned: dataset.isPinned)
    }
  }

  public func locateBlocks() throws { try cluster.locateBlocks() }

  /// The nodes that have a block: `node1`, or `node1+node3` where another one has a copy; empty if that is not known.
  private func places(of block: BlockRef) -> String { cluster.places(of: block).map(nodeName).joined(separator: "+") }

  public func frequentTexts(_ plan: LogicalPlan, column: String) -> [(text: String, count: Int)] {
    runner.frequentTexts(plan, column: column)
  }

  public func blocks() throws -> [BlockSummary] {
    let makers = runner.makersOfBlocks()
    return try cluster.blockEntries().map { entry in
      let maker = makers[entry.block.id]
      return BlockSummary(
        node: places(of: entry.block), rows: entry.block.rows, bytes: entry.block.byteCount,
        state: "\(entry.state)" + (cluster.isSpilled(entry.block) ? " on disk" : ""),
        origin: maker?.origin ?? "", madeBy: maker?.verbs ?? "")
    }
  }

  public func transfers() throws -> [Movement] {
    cluster.handlePendingEvents()
    return cluster.transfers().filter { $0.movedBytes > 0 }.map {
      Movement(from: nodeName($0.from), to: nodeName($0.to), bytes: $0.movedBytes)
    }
  }

  // MARK: Nodes

  public var largestNodeCount: Int { cluster.largestNodeCount }

  public func nodes(cancellation: Int32?) throws -> [NodeSummary] {
    cluster.cancellation = cancellation
    defer { cluster.cancellation = nil }
    return try cluster.nodeSummaries()
  }

  public func log() throws -> [String] {
    cluster.handlePendingEvents()
    return cluster.logText.split(whereSeparator: \.isNewline).map(String.init)
  }

  public func addNodes(_ count: Int) throws { try cluster.addNodes(count) }
  public func killNode(_ name: String) throws { try cluster.killNode(name) }

  public func drainNode(_ name: String, observer: RunObserver) throws -> (blocks: Int, work: RunWork) {
    var stages: [StageWork] = []
    let (blocks, work) = try measured(observer) {
      let drained = try cluster.drain(name, of: runner)
      stages = [drained.work]
      return drained.blocks
    } stages: {
      stages
    }
    return (blocks, work)
  }

  // MARK: News

  public var pollNumbers: [Int32] { cluster.pollNumbers }

  public func takeNotices() -> [String] {
    cluster.handlePendingEvents()
    let notices = takeEvents()
    if losesBlocks { runner.forgetLostBlocks() }
    losesBlocks = false
    return notices
  }

  private func tellNews() {
    guard let news else { return }
    for notice in takeEvents() { news(notice) }
  }

  /// What has happened, as sentences.
  private func takeEvents() -> [String] {
    cluster.takeEvents().compactMap { event in
      if event.losesBlocks { losesBlocks = true }
      return event.sentence(withProcess: !isDeterministic)
    }
  }
}
