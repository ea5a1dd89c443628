// The local cluster as a backend: starts it when it is first needed and translates between plans and the executor.

import DshCluster
import DshColumns
import DshDiagnostics
import DshFormats
import DshPlan
import DshStore
import DshSystem

/// A backend over node processes on this machine.
public final class LocalBackend: Backend {
  private let executor: PlanExecutor
  private let cluster: Cluster
  private let isDeterministic: Bool

  public var settings = BackendSettings() {
    didSet {
      executor.settings.batchRows = settings.batchRows
      executor.settings.disabledRules = settings.disabledRules
    }
  }
  public var cancellation: Int32? {
    didSet { executor.cancellation = cancellation }
  }
  public var progress: ((ProgressSummary) -> Void)? {
    didSet {
      executor.progress = progress.map { progress in
        { [unowned self] in
          tellNews()
          var summary = ProgressSummary(
            totalTasks: $0.totalTasks, finishedTasks: $0.finishedTasks, seconds: $0.seconds, scannedRows: $0.scannedRows,
            scannedBytes: $0.scannedBytes,
            nodes: $0.nodes.map { ProgressSummary.Node(name: $0.name, slots: $0.slots, runningTasks: $0.runningTasks) })
          summary.silentNodes = $0.silentNodes
          progress(summary)
        }
      }
    }
  }
  public var news: ((String) -> Void)?
  /// Whether blocks were lost that the executor still counts on; it is told between runs.
  private var losesBlocks = false

  /// Starts a cluster; its nodes come up while the caller goes on.
  public init(_ options: ClusterOptions) throws(Diagnostic) {
    cluster = try Cluster(options)
    try cluster.start()
    executor = PlanExecutor(cluster: cluster)
    isDeterministic = options.isDeterministic
  }

  public func close(waits: Bool) { cluster.close(waits: waits) }

  // MARK: Running

  private func measured<T>(_ body: () throws -> T) throws -> (T, RunSummary) {
    let start = monotonicNanoseconds()
    let result: T
    do { result = try executor.statement(body) } catch let diagnostic as Diagnostic {
      throw diagnostic.category == .cancelled ? cancelled() : failed(diagnostic)
    }
    var run = RunSummary()
    run.seconds = Double(monotonicNanoseconds() - start) / 1e9
    run.moved = executor.moved.filter { $0.movedBytes > 0 }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
      .map { Movement(from: nodeName($0.from), to: nodeName($0.to), bytes: $0.movedBytes) }
    run.mappedBytes = executor.moved.reduce(0) { $0 + $1.mappedBytes }
    run.stages = executor.stages.map(summary)
    run.blocksRun = executor.stages.reduce(0) { $0 + $1.tasksRun }
    run.blocksReused = executor.stages.reduce(0) { $0 + $1.tasksReused }
    run.splitsReread = executor.stages.reduce(0) { $0 + $1.splitsReread }
    for stage in executor.stages { run.irregular += stage.irregular }
    run.blocksTotal = run.blocksRun + run.blocksReused
    return (result, run)
  }

  /// What was done of a cancelled statement: finished blocks stay as cache, what was under way is released.
  private func cancelled() -> Diagnostic {
    let done = executor.stages.reduce(0) { $0 + $1.tasksRun + $1.tasksReused }
    let total = executor.stages.reduce(0) { $0 + $1.tasksTotal }
    let bytes = executor.stages.reduce(0) { $0 + $1.bytesOut }
    guard total > 0 else { return Diagnostic(.cancelled, "cancelled before anything ran") }
    let kept = bytes > 0 ? " (\(bytesText(bytes)), kept as cache)" : ""
    return Diagnostic(
      .cancelled, "cancelled: \(groupedText(done)) of \(counted(total, "block")) done\(kept), the rest released")
  }

  /// An error with what moved before it, as there is no receipt. How far other tasks were depends on who was faster, so deterministic runs leave
  /// that out.
  private func failed(_ diagnostic: Diagnostic) -> Diagnostic {
    let bytes = executor.moved.reduce(0) { $0 + $1.movedBytes }
    guard bytes > 0, !isDeterministic else { return diagnostic }
    var told = diagnostic
    told.notes.append("\(bytesText(bytes)) moved before that")
    return told
  }

  private func summary(_ stage: StageStatistics) -> StageSummary {
    let nodes = Set(stage.tasksByNode.keys).union(stage.madeByNode.keys).union(stage.reusedByNode.keys)
    let shares = nodes.sorted { ($0.count, $0) < ($1.count, $1) }.map { node in
      let made = stage.madeByNode[node] ?? StoredShare()
      let reused = stage.reusedByNode[node] ?? StoredShare()
      return StageShare(
        node: node, tasks: stage.tasksByNode[node] ?? 0, blocksMade: made.blocks, bytesMade: made.bytes, blocksReused: reused.blocks,
        bytesReused: reused.bytes)
    }
    let placement = stage.tasksByNode.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }.map { "\($0.key) \($0.value)" }
    return StageSummary(
      name: stage.name, tasks: stage.tasksRun, reused: stage.tasksReused, reread: stage.splitsReread, rowsIn: stage.rowsScanned,
      rowsOut: stage.rowsOut,
      bytesOut: stage.bytesOut, movedBytes: stage.movedBytes, seconds: stage.seconds, placement: placement.joined(separator: ", "),
      shares: shares)
  }

  public func take(_ plan: LogicalPlan, count: Int) throws -> TakeResult {
    let (taken, measuredRun) = try measured { try executor.take(plan, count: count) }
    var run = measuredRun
    run.blocksTotal = max(taken.unitCount, run.blocksRun + run.blocksReused - taken.unitsRun - taken.unitsReused + taken.unitCount)
    let more: TakeResult.More =
      switch taken.more {
      case .yes: .yes
      case .no: .no
      case .maybe: .maybe
      }
    return TakeResult(
      rows: taken.rows,
      parts: taken.parts.map {
        TakeResult.Part(block: $0.block, node: $0.node, rows: $0.rows, movedBytes: $0.movedBytes, blockBytes: $0.blockBytes)
      },
      total: taken.total, more: more, run: run)
  }

  public func headAndTail(_ plan: LogicalPlan, head: Int, tail: Int) throws -> (rows: Batch, head: Int, total: Int, run: RunSummary) {
    let (result, run) = try measured { try executor.ends(of: plan, first: head, last: tail) }
    return (result.rows, result.first, result.total, run)
  }

  /// The parts of blocks that hold a range of rows.
  private func slices(_ computed: ComputedBlocks, _ range: Range<Int>) -> [BlockSlice] {
    var start = 0
    return computed.blocks.compactMap { block in
      let rows = start..<start + block.slice.rows.count
      start = rows.upperBound
      let wanted = range.clamped(to: rows)
      return wanted.isEmpty ? nil : block.slice.part(wanted.lowerBound - rows.lowerBound..<wanted.upperBound - rows.lowerBound)
    }
  }

  public func takeAll(_ plan: LogicalPlan, limitBytes: Int?) throws -> (rows: Batch, run: RunSummary) {
    try measured {
      let computed = try executor.blocks(of: plan)
      if let limitBytes, computed.bytes > limitBytes {
        throw ByteLimitExceeded(bytes: computed.bytes, rows: computed.rows, limitBytes: limitBytes)
      }
      return try executor.collect(slices(computed, 0..<computed.rows), schema: computed.schema)
    }
  }

  public func compute(_ plan: LogicalPlan) throws -> (rows: Int, run: RunSummary) {
    try measured { try executor.blocks(of: plan).rows }
  }

  public func aggregate(_ plan: LogicalPlan, _ calls: [AggregateCall]) throws -> (values: [Value], run: RunSummary) {
    let (result, run) = try measured { try executor.aggregate(plan, calls) }
    return (result.values, run)
  }

  public func text(
    _ plan: LogicalPlan, format: String, part: @escaping (TextPart) throws -> Void
  ) throws -> (rows: Int, bytes: Int, run: RunSummary) {
    let (result, run) = try measured {
      try executor.text(plan, format: format) { bytes, rows, place in
        try part(TextPart(bytes: bytes, rows: rows, index: place.index, count: place.count))
      }
    }
    return (result.rows, result.bytes, run)
  }

  // MARK: Keeping

  public func keep(_ plan: LogicalPlan, pinned: Bool) throws -> (kept: KeptSummary, run: RunSummary) {
    let (_, run) = try measured { try executor.keep(plan, pinned: pinned) }
    return (kept(plan) ?? KeptSummary(blocks: [], isPinned: pinned), run)
  }

  public func release(_ plan: LogicalPlan, pinned: Bool) { executor.release(plan, pinned: pinned) }

  public func kept(_ plan: LogicalPlan) -> KeptSummary? {
    executor.keptDataset(plan).map { dataset in
      KeptSummary(
        blocks: dataset.blocks.map { block in
          KeptSummary.Block(
            id: "\(block.location.id)", node: nodeName(block.location.node), rows: block.location.rows, bytes: block.location.byteCount,
            origin: block.origin, isLost: !cluster.contains(block.location))
        }, isPinned: dataset.isPinned)
    }
  }

  public func frequentTexts(_ plan: LogicalPlan, column: String) -> [(text: String, count: Int)] {
    executor.frequentTexts(plan, column: column)
  }

  public func explain(_ plan: LogicalPlan) -> [String] { PlanText(executor: executor).lines(of: plan) }

  // MARK: Tables

  public func nodes() throws -> [NodeSummary] {
    try cluster.awaitNodes()
    try cluster.awaitSettled()
    return cluster.nodes().map { node in
      NodeSummary(
        name: node.name, state: node.state.rawValue, processID: node.processID, slots: node.slots, usedBytes: node.usedBytes,
        limitBytes: node.limitBytes, blocks: node.blocks, pinnedBytes: node.pinnedBytes, spilledBytes: node.spilledBytes,
        sentBytes: node.sentBytes, receivedBytes: node.receivedBytes)
    }
  }

  public func blocks() throws -> [BlockSummary] {
    cluster.handlePendingEvents()
    let makers = executor.makersOfBlocks()
    return cluster.blocks().map { entry in
      let maker = makers[entry.location.id]
      return BlockSummary(
        id: "\(entry.location.id)", node: nodeName(entry.location.node), rows: entry.location.rows, bytes: entry.location.byteCount,
        state: "\(entry.state)", origin: maker?.origin ?? "", madeBy: maker?.verbs ?? "")
    }
  }

  public func transfers() throws -> [Movement] {
    cluster.handlePendingEvents()
    return cluster.transfers().filter { $0.movedBytes > 0 }.map {
      Movement(from: nodeName($0.from), to: nodeName($0.to), bytes: $0.movedBytes)
    }
  }

  public func addNodes(_ count: Int) throws { _ = try cluster.addNodes(count) }
  public func killNode(_ name: String) throws { try cluster.killNode(name) }

  public func drainNode(_ name: String) throws -> (blocks: Int, run: RunSummary) {
    let (drained, run) = try measured { try executor.drain(name) }
    return (drained.blocks, run)
  }

  // MARK: News

  public var pollNumbers: [Int32] { cluster.pollNumbers }

  public func takeNotices() -> [String] {
    cluster.handlePendingEvents()
    let notices = takeEvents()
    if losesBlocks { executor.forgetLostBlocks() }
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
      switch event {
      case .nodeNotStarted(let name, let reason):
        return (["\(name) can't be started: \(reason.message)"] + reason.notes).joined(separator: "; ")
      case .nodeLost(let name, let processID, let words, let replaced, let blocksLost):
        losesBlocks = true
        let process = isDeterministic ? "" : " (process \(processID))"
        let lost = blocksLost.isEmpty ? "no blocks lost" : "\(counted(blocksLost.count, "block")) lost, computed again when next needed"
        return "\(name)\(process) died\(words.map { ": \($0)" } ?? ""); \(replaced ? "replaced" : "not replaced"); \(lost)"
      case .nodeSilent(let name): return "\(name) does not answer; its work is done elsewhere"
      case .nodeAnswers(let name): return "\(name) answers again"
      case .blocksEvicted:
        losesBlocks = true
        return nil
      }
    }
  }
}
