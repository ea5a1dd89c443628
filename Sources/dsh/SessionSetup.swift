// The session that the command line asks for, over the cluster that it asks for.

import DshCluster
import DshColumns
import DshDiagnostics
import DshLanguage
import DshRender
import DshSession
import DshSystem

extension Arguments {
  /// What is wrong with the command line.
  static func usageError(_ message: String) -> Diagnostic { Diagnostic(.usage, message, notes: ["see: dsh --help"]) }

  /// A session with a cluster, whose nodes come up while the caller goes on.
  ///
  /// - Throws: `usage`; what starting nodes can throw.
  func makeSession() throws(Diagnostic) -> Session {
    guard let outputFormat = OutputFormat(rawValue: format) else {
      throw Self.usageError("--format is one of \(OutputFormat.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    guard let reportFormat = ReportFormat(rawValue: report) else {
      throw Self.usageError("--report is one of \(ReportFormat.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    try checkNumbers()
    let options = try sessionOptions()
    let session = Session(backend: try ClusterChoice(cluster, try clusterOptions()).backend(), options: options)
    session.settings.cluster = ClusterChoice.name(cluster)
    if let batchRows { session.settings.batchRows = batchRows }
    session.settings.width = width
    session.settings.format = outputFormat
    session.settings.report = reportFormat
    session.applySettings()
    return session
  }

  private func checkNumbers() throws(Diagnostic) {
    if let nodes, !(1...ClusterOptions.largestNodeCount).contains(nodes) {
      throw Self.usageError("--nodes is a number from 1 to \(ClusterOptions.largestNodeCount)")
    }
    if let slots, !(1...Self.slotLimit).contains(slots) { throw Self.usageError("--slots is a number from 1 to \(Self.slotLimit)") }
    if let batchRows, !Settings.batchRowsRange.contains(batchRows) {
      throw Self.usageError("--batch-rows is a number from 1 to \(Settings.batchRowsRange.upperBound)")
    }
    if let width, !Settings.widthRange.contains(width) {
      throw Self.usageError("--width is a number from 0 to \(Settings.widthRange.upperBound)")
    }
  }

  private func sessionOptions() throws(Diagnostic) -> SessionOptions {
    var options = SessionOptions()
    options.isDeterministic = deterministic
    options.keepsGoing = keepGoing
    options.readsStandardInput = readsStandardInput
    options.guardsPrograms = true
    options.version = Self.version
    options.datasetDirectory =
      datasetDirectory.map { DatasetDirectory(path: $0) }
      ?? DatasetDirectory(dataHome: environmentVariable("XDG_DATA_HOME"), home: homeFolder())
    if isSafe {
      var roots: [String] = []
      for folder in safeRoots.isEmpty ? ["."] : safeRoots { roots.append(try resolvedPath(folder)) }
      options.safeRoots = roots
    }
    for text in scalars {
      let pair = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[0].isEmpty else { throw Self.usageError("--set wants name=value, not \"\(text)\"") }
      switch parseScalar(String(pair[1])) {
      case .success(let literal): options.scalars[String(pair[0])] = Value(literal)
      case .failure(let diagnostic): throw diagnostic
      }
    }
    return options
  }

  private func clusterOptions() throws(Diagnostic) -> ClusterOptions {
    var storeBytes: Int?
    if let text = objectStoreMemory {
      guard let bytes = parseSizeText(text), bytes >= ClusterOptions.smallestStoreBytes else {
        throw Self.usageError(
          "--object-store-memory is a size from \(bytesText(ClusterOptions.smallestStoreBytes)) to \(bytesText(Int(Limits.bytes))), such as 512M or 2G"
        )
      }
      storeBytes = bytes
    }
    var options = ClusterOptions(nodes: nodes, slots: slots, storeBytes: storeBytes)
    options.isDeterministic = deterministic
    var limit: Int?
    if let text = spillLimit {
      limit = parseSizeText(text)
      guard limit != nil else {
        throw Self.usageError("--spill-limit is a size such as 20G, or 0 for no spilling, not \"\(text)\"")
      }
    }
    try options.spill(to: spillDirectory, limitBytes: limit)
    return options
  }
}

extension Value {
  /// The value of a literal.
  init(_ literal: Literal) {
    switch literal {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .int64(let number): self = .int64(number)
    case .float64(let number): self = .float64(number)
    case .string(let text): self = .string(text)
    }
  }
}
