// `dsh test`: golden files run in fresh deterministic sessions over real clusters.

import ArgumentParser
import DshCluster
import DshColumns
import DshDiagnostics
import DshGolden
import DshSession
import DshShell
import DshSystem
import DshRender
import DshBackend

/// `dsh test [OPTIONS] PATH…`.
struct TestArguments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dsh test", abstract: "Runs golden files: transcripts that say what each statement prints.")

  /// What completions offer.
  static let optionNames = ["--update", "--allow-status-change", "--matrix", "--help"]

  @Argument(help: ArgumentHelp("Golden files or folders of them.", valueName: "path"))
  var paths: [String]

  @Flag(help: "Rewrite what differs.")
  var update = false

  @Flag(help: "Let --update turn a success into an error, or back.")
  var allowStatusChange = false

  @Option(
    help: ArgumentHelp("Run every file under several values of a setting and compare the rows; may repeat.", valueName: "name=value,…"))
  var matrix: [String] = []
}

/// Runs golden tests; the exit code.
func runGoldenTests(_ texts: [String]) -> Int32 {
  do {
    let arguments = try TestArguments.parse(texts)
    var options = GoldenCommand.Options()
    options.paths = arguments.paths
    options.updates = arguments.update
    options.allowsStatusChange = arguments.allowStatusChange
    options.matrix = try ConfigurationMatrix(parsing: arguments.matrix)
    options.isContinuousIntegration = environmentVariable("CI").map { !$0.isEmpty } ?? false
    let files = GoldenFiles(
      read: { path throws(Diagnostic) in try readWholeFile(path) },
      write: { path, bytes throws(Diagnostic) in
        let file = try NewFile(path: path, replace: true)
        try file.write(bytes)
        try file.commit()
      }, list: { path throws(Diagnostic) in try goldenFiles(under: path) })
    var written: Int32 = 0
    let clusters = GoldenClusters()
    let command = GoldenCommand(
      options: options, files: files, makeSession: { configuration throws(Diagnostic) in try RealGoldenSession(configuration, clusters) },
      print: { written = max(written, writeLine($0, to: 1)) })
    return max(try command.run(), written)
  } catch let diagnostic as Diagnostic {
    writeLine(diagnostic.rendered(in: nil), to: 2)
    return ExitCode.code(for: [diagnostic])
  } catch {
    let isHelp = TestArguments.exitCode(for: error) == .success
    writeLine(TestArguments.fullMessage(for: error), to: isHelp ? 1 : 2)
    return isHelp ? 0 : ExitCode.usage
  }
}

/// All files under a path in bytewise order; the path itself if it is a file.
private func goldenFiles(under path: String) throws(Diagnostic) -> [String] {
  guard try FileStatus(path: path).kind == .folder else { return [path] }
  var files: [String] = []
  for entry in try listFolder(path) {
    let inside = joinPath(path, entry.name)
    if entry.isFolder { files += try goldenFiles(under: inside) } else { files.append(inside) }
  }
  return files
}

/// A seed of its own for each file, so that the first statement of all files does not meet with the same (FNV-1a).
private func chaosSeed(_ seed: Int, of path: String) -> UInt64 {
  let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
  return name.reduce(UInt64(seed) &+ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

/// The clusters of golden sessions: each has its own processes of this machine, and all share a Ray.
final class GoldenClusters {
  private var rays: [String: SharedRay] = [:]

  /// The raylets of a Ray that is started for the tests: with fewer, much would lie where it is read.
  private static let raylets = 3
  private static let rayStoreBytes = 256 << 20

  /// - Parameter local: how the processes of this machine are set up.
  func backend(_ name: String, _ local: ClusterOptions) throws(Diagnostic) -> ClusterBackend {
    if let ray = rays[name] { return ray.backend() }
    switch try ClusterChoice(name, local) {
    case .local(let options): return try ClusterBackend(options)
    case .ray(var options):
      if case .own = options.address { options.address = .own(nodes: Self.raylets, slots: 1, storeBytes: Self.rayStoreBytes) }
      let ray = try SharedRay(options)
      rays[name] = ray
      return ray.backend()
    }
  }
}

/// A deterministic session over a cluster of its own.
final class RealGoldenSession: GoldenSession {
  private let session: Session
  private let earlierFolder: String
  /// Where the transcript keeps datasets: empty at first, and gone with it.
  private let datasets: ScratchFolder

  init(_ configuration: GoldenConfiguration, _ clusters: GoldenClusters) throws(Diagnostic) {
    var settings = configuration.settings
    func number(_ name: String, to limit: Int) throws(Diagnostic) -> Int? {
      guard let text = settings.removeValue(forKey: name) else { return nil }
      guard let value = Int(text), 1...limit ~= value else {
        throw Diagnostic(.badDirective, "\(name) wants a whole number from 1 to \(limit), not \"\(text)\"")
      }
      return value
    }
    let nodes = try number("nodes", to: ClusterOptions.largestNodeCount) ?? 2
    let slots = try number("slots", to: Arguments.slotLimit) ?? 1
    let batchRows = try number("batch-rows", to: Settings.batchRowsRange.upperBound)
    let chaos = try number("chaos", to: .max)
    var storeBytes = 64 << 20
    if let text = settings.removeValue(forKey: "object-store-memory") {
      guard let bytes = parseSizeText(text), bytes >= ClusterOptions.smallestStoreBytes else {
        throw Diagnostic(.badDirective, "object-store-memory wants a size, not \"\(text)\"")
      }
      storeBytes = bytes
    }
    // As a dimension of the matrix: statements may be refused then.
    if let text = settings.removeValue(forKey: "store") {
      guard let bytes = text == "small" ? ClusterOptions.smallestStoreBytes : parseSizeText(text),
        bytes >= ClusterOptions.smallestStoreBytes
      else { throw Diagnostic(.badDirective, "store wants a size or small, not \"\(text)\"") }
      storeBytes = bytes
    }
    var spillBytes: Int?
    if let text = settings.removeValue(forKey: "spill-limit") {
      spillBytes = parseSizeText(text)
      guard spillBytes != nil else { throw Diagnostic(.badDirective, "spill-limit wants a size, not \"\(text)\"") }
    }
    var options = SessionOptions()
    options.isDeterministic = true
    options.announcesDatasets = true
    earlierFolder = try currentFolder()
    try changeFolder(configuration.folder)
    options.guardsPrograms = true
    options.version = Arguments.version
    datasets = try ScratchFolder("dsh-datasets")
    options.datasetDirectory = DatasetDirectory(path: datasets.path)
    let clusterName = settings.removeValue(forKey: "cluster") ?? ClusterChoice.localName
    if settings.removeValue(forKey: "safe") == "true" { options.safeRoots = [try currentFolder()] }
    if let unknown = settings.keys.sorted().first { throw Diagnostic(.badDirective, "no directive \"\(unknown)\"") }
    var cluster = ClusterOptions(nodes: nodes, slots: slots, storeBytes: storeBytes)
    cluster.isDeterministic = true
    try cluster.spill(to: nil, limitBytes: spillBytes)
    cluster.chaosSeed = chaos.map { chaosSeed($0, of: configuration.path) }
    session = Session(backend: try clusters.backend(clusterName, cluster), options: options)
    if let batchRows { session.settings.batchRows = batchRows }
    session.settings.width = 80
    session.applySettings()
  }

  var settings: Settings { session.settings }

  func run(_ statement: SourceText, emit: (Output) -> Void) -> [StatementFailure] {
    var failures: [StatementFailure] = []
    _ = session.run(
      statement, emit: emit,
      onFailure: { failure in
        failures.append(failure)
        return false
      })
    return failures
  }

  func close() {
    session.backend.close(waits: true)
    try? changeFolder(earlierFolder)
  }
}
